#include "libs/chassis/environment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <ostream>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/secret_file.hpp"

namespace podium {
namespace {

/// Longest secret that a file may hold: room for a key with its certificates.
constexpr std::size_t kSecretBytesMax = 64 * 1024;

/// Longest duration: ten years, so that adding one to a point in time cannot overflow.
constexpr std::uint64_t kDurationMillisecondsMax = 3'650ULL * 86'400'000ULL;

struct Unit {
  std::string_view suffix;
  std::uint64_t factor;
};

constexpr std::array kDurationUnits{
    Unit{"ms", 1},        Unit{"s", 1'000},      Unit{"m", 60'000},
    Unit{"h", 3'600'000}, Unit{"d", 86'400'000}, Unit{"", 1'000},
};

constexpr std::uint64_t kKibi = 1024;

constexpr std::array kByteUnits{
    Unit{"", 1},
    Unit{"B", 1},
    Unit{"K", 1'000},
    Unit{"KB", 1'000},
    Unit{"Ki", kKibi},
    Unit{"KiB", kKibi},
    Unit{"M", 1'000'000},
    Unit{"MB", 1'000'000},
    Unit{"Mi", kKibi* kKibi},
    Unit{"MiB", kKibi* kKibi},
    Unit{"G", 1'000'000'000},
    Unit{"GB", 1'000'000'000},
    Unit{"Gi", kKibi* kKibi* kKibi},
    Unit{"GiB", kKibi* kKibi* kKibi},
    Unit{"T", 1'000'000'000'000},
    Unit{"TB", 1'000'000'000'000},
    Unit{"Ti", kKibi* kKibi* kKibi* kKibi},
    Unit{"TiB", kKibi* kKibi* kKibi* kKibi},
};

// A whole number and one of the units; nullopt for anything else and for what exceeds `max`.
template <std::size_t N>
std::optional<std::uint64_t> parse_amount(std::string_view text, const std::array<Unit, N>& units,
                                          std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view suffix{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  const auto unit = std::ranges::find(units, suffix, &Unit::suffix);
  if (unit == units.end() || number > max / unit->factor) return std::nullopt;
  return number * unit->factor;
}

std::optional<std::string> process_variable(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string{value};
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

// The file's content without trailing line ends; nullopt when it cannot be read or is too long.
std::optional<std::string> read_secret_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  std::string content(kSecretBytesMax + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad()) return std::nullopt;
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > kSecretBytesMax) return std::nullopt;
  content.erase(content.find_last_not_of("\r\n") + 1);
  return content;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Secret& secret) {
  return out << (secret.empty() ? "(not set)" : "****");
}

Environment::Environment() : Environment{process_variable} {}

Environment::Environment(Lookup lookup) : lookup_{std::move(lookup)} {}

std::optional<std::string> Environment::raw(std::string_view name) {
  std::optional<std::string> value = lookup_(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

std::string Environment::text(std::string_view name, std::string_view fallback) {
  return raw(name).value_or(std::string{fallback});
}

std::int64_t Environment::integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                                  std::int64_t max) {
  const std::optional<std::string> value = raw(name);
  if (!value) return fallback;
  std::int64_t number = 0;
  const char* const last = value->data() + value->size();
  const auto [end, error] = std::from_chars(value->data(), last, number);
  if (error == std::errc{} && end == last && number >= min && number <= max) return number;
  problem(name, "must be a whole number from " + std::to_string(min) + " to " +
                    std::to_string(max) + ", not '" + *value + "'");
  return fallback;
}

bool Environment::boolean(std::string_view name, bool fallback) {
  const std::optional<std::string> value = raw(name);
  if (!value) return fallback;
  const std::string word = lower_case(*value);
  if (is_one_of(word, {"1", "true", "yes", "on"})) return true;
  if (is_one_of(word, {"0", "false", "no", "off"})) return false;
  problem(name, "must be 1, true, yes, on, 0, false, no or off, not '" + *value + "'");
  return fallback;
}

std::chrono::milliseconds Environment::duration(std::string_view name,
                                                std::chrono::milliseconds fallback) {
  const std::optional<std::string> value = raw(name);
  if (!value) return fallback;
  if (const auto parsed = parse_duration(*value)) return *parsed;
  problem(name, "must be a duration such as 250ms, 30s, 5m or 2h, not '" + *value + "'");
  return fallback;
}

std::uint64_t Environment::bytes(std::string_view name, std::uint64_t fallback) {
  const std::optional<std::string> value = raw(name);
  if (!value) return fallback;
  if (const auto parsed = parse_bytes(*value)) return *parsed;
  problem(name, "must be a size such as 64K, 512Mi or 4Gi, not '" + *value + "'");
  return fallback;
}

Secret Environment::secret(std::string_view name) {
  if (std::optional<std::string> value = raw(name)) return Secret{*std::move(value)};
  const std::string file_name = std::string{name} + "_FILE";
  const std::optional<std::string> path = raw(file_name);
  if (!path) return Secret{};
  if (std::optional<std::string> content = read_secret_file(*path)) {
    if (const auto open = warning_of_open_secret(*path, std::filesystem::perms::others_read)) {
      log_warning(file_name + ": " + *open);
    }
    return Secret{*std::move(content)};
  }
  problem(file_name, "names a file that cannot be read or is longer than 64 KiB: '" + *path + "'");
  return Secret{};
}

void Environment::problem(std::string_view name, std::string_view what) {
  problems_.push_back(std::string{name} + " " + std::string{what});
}

Result<void> Environment::check() const {
  if (problems_.empty()) return {};
  std::string all;
  for (const std::string& problem : problems_) {
    if (!all.empty()) all += "; ";
    all += problem;
  }
  return fail(errors::kConfiguration, std::move(all));
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto amount = parse_amount(text, kDurationUnits, kDurationMillisecondsMax);
  if (!amount) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*amount)};
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  return parse_amount(text, kByteUnits, std::numeric_limits<std::uint64_t>::max());
}

}  // namespace podium
