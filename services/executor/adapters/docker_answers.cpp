#include "services/executor/adapters/docker_answers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <nlohmann/json.hpp>
#include <sstream>

#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/errors.hpp"

namespace podium::executor::docker {
namespace {

using Json = nlohmann::json;

/// An answer as an object or array of JSON.
Result<Json> parse(std::string_view text, std::string_view what) {
  auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_structured()) {
    return fail(kSandboxUnavailable, std::format("the engine's {} is not JSON", what));
  }
  return json;
}

// Fields that may be missing, null or of another type: then the fallback.
const Json& at(const Json& json, std::string_view name) {
  static const Json kNothing;
  if (!json.is_object()) return kNothing;
  const auto found = json.find(name);
  return found == json.end() ? kNothing : *found;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string{};
}

std::uint64_t number_of(const Json& json) {
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  if (json.is_number_integer()) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(json.get<std::int64_t>(), 0));
  }
  return 0;
}

bool true_of(const Json& json) {
  return json.is_boolean() && json.get<bool>();
}

template <typename Number>
Number number_in(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

SandboxPhase phase_of(const std::string& status) {
  if (status == "created") return SandboxPhase::created;
  if (status == "exited" || status == "dead") return SandboxPhase::ended;
  return SandboxPhase::running;  // running, paused, restarting, removing
}

Labelled labelled(const Json& json, std::string name) {
  Labelled one;
  one.name = std::move(name);
  const auto& labels = at(json, "Labels");
  if (!labels.is_object()) return one;
  for (const auto& [label, value] : labels.items()) one.labels.emplace(label, text_of(value));
  return one;
}

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char digit : text) {
    const auto value = kDigits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xFFU));
  }
  return bytes;
}

// File types as the engine's language writes them into a mode (Go's os.FileMode).
struct FileType {
  std::uint64_t bit;
  std::string_view name;
};
constexpr std::array kFileTypes{
    FileType{1ULL << 31U, "a folder"},          FileType{1ULL << 27U, "a symbolic link"},
    FileType{1ULL << 26U, "a device"},          FileType{1ULL << 25U, "a pipe"},
    FileType{1ULL << 24U, "a socket"},          FileType{1ULL << 21U, "a character device"},
    FileType{1ULL << 19U, "an irregular file"},
};

}  // namespace

TimePoint parse_time(std::string_view text) {
  // "2026-11-22T08:30:51.123456789Z"
  if (text.size() < 20 || text.starts_with("0001-")) return {};
  const std::chrono::year_month_day day{std::chrono::year{number_in<int>(text.substr(0, 4))},
                                        std::chrono::month{number_in<unsigned>(text.substr(5, 2))},
                                        std::chrono::day{number_in<unsigned>(text.substr(8, 2))}};
  if (!day.ok()) return {};
  std::chrono::nanoseconds fraction{0};
  if (text[19] == '.') {
    auto digits = text.substr(20, std::min<std::size_t>(9, text.size() - 20));
    digits = digits.substr(0, std::min(digits.find_first_not_of("0123456789"), digits.size()));
    std::string padded{digits};
    padded.resize(9, '0');
    fraction = std::chrono::nanoseconds{number_in<std::int64_t>(padded)};
  }
  const auto time = std::chrono::sys_days{day} +
                    std::chrono::hours{number_in<int>(text.substr(11, 2))} +
                    std::chrono::minutes{number_in<int>(text.substr(14, 2))} +
                    std::chrono::seconds{number_in<int>(text.substr(17, 2))} + fraction;
  return std::chrono::time_point_cast<TimePoint::duration>(time);
}

Result<ContainerState> parse_container(std::string_view json) {
  const auto container = PODIUM_TRY(parse(json, "container"));
  const auto& told = at(container, "State");
  const auto status = text_of(at(told, "Status"));
  if (status.empty()) {
    return fail(kSandboxUnavailable, "the engine's container has no status");
  }
  ContainerState result;
  result.image_id = text_of(at(container, "Image"));
  auto& state = result.state;
  state.phase = phase_of(status);
  state.exit_code = static_cast<int>(number_of(at(told, "ExitCode")));
  state.out_of_memory = true_of(at(told, "OOMKilled"));
  state.started_at = parse_time(text_of(at(told, "StartedAt")));
  state.ended_at = parse_time(text_of(at(told, "FinishedAt")));
  state.sandbox_id = text_of(at(container, "Id"));
  return result;
}

Result<std::optional<Usage>> parse_stats(std::string_view json) {
  const auto stats = PODIUM_TRY(parse(json, "stats"));
  const auto& memory = at(stats, "memory_stats");
  const auto used = number_of(at(memory, "usage"));
  const auto cpu_ns = number_of(at(at(at(stats, "cpu_stats"), "cpu_usage"), "total_usage"));
  if (used == 0 && cpu_ns == 0) return std::nullopt;
  // File pages that could be dropped at any time are no need of the program. cgroup v1 calls them
  // total_inactive_file, v2 inactive_file.
  const auto& details = at(memory, "stats");
  const auto droppable = std::max(number_of(at(details, "total_inactive_file")),
                                  number_of(at(details, "inactive_file")));
  return Usage{.cpu_seconds = static_cast<double>(cpu_ns) / 1e9,
               .memory_peak_bytes = used - std::min(droppable, used)};
}

Result<EngineFacts> parse_info(std::string_view json) {
  const auto info = PODIUM_TRY(parse(json, "info"));
  EngineFacts facts;
  facts.id = text_of(at(info, "ID"));
  facts.version = text_of(at(info, "ServerVersion"));
  facts.runtime = text_of(at(info, "DefaultRuntime"));
  facts.cpus = static_cast<std::uint32_t>(number_of(at(info, "NCPU")));
  facts.memory_bytes = number_of(at(info, "MemTotal"));
  if (facts.id.empty() || facts.cpus == 0 || facts.memory_bytes == 0) {
    return fail(kSandboxUnavailable, "the engine does not say what it has");
  }
  bool filters = false;
  for (const auto& option : at(info, "SecurityOptions")) {
    filters = filters || text_of(option).starts_with("name=seccomp");
  }
  if (!filters) {
    return fail(kSandboxUnavailable, "the engine cannot filter system calls (seccomp)");
  }
  return facts;
}

Result<std::string> parse_image_id(std::string_view json) {
  auto id = text_of(at(PODIUM_TRY(parse(json, "image")), "Id"));
  if (id.empty()) return fail(kSandboxUnavailable, "the engine's image has no id");
  return id;
}

std::string Labelled::label(std::string_view label_name) const {
  const auto found = labels.find(label_name);
  return found == labels.end() ? std::string{} : found->second;
}

TimePoint Labelled::time(std::string_view label_name) const {
  return TimePoint{std::chrono::seconds{number_in<std::int64_t>(label(label_name))}};
}

std::uint64_t Labelled::number(std::string_view label_name) const {
  return number_in<std::uint64_t>(label(label_name));
}

Result<std::vector<Labelled>> parse_containers(std::string_view json) {
  const auto list = PODIUM_TRY(parse(json, "list of containers"));
  std::vector<Labelled> all;
  for (const auto& one : list) {
    const auto& names = at(one, "Names");
    auto name = names.is_array() && !names.empty() ? text_of(names.front()) : std::string{};
    if (name.starts_with('/')) name.erase(0, 1);
    all.push_back(labelled(one, std::move(name)));
  }
  return all;
}

Result<std::vector<Labelled>> parse_volumes(std::string_view json) {
  const auto answer = PODIUM_TRY(parse(json, "list of volumes"));
  std::vector<Labelled> all;
  for (const auto& one : at(answer, "Volumes")) {
    all.push_back(labelled(one, text_of(at(one, "Name"))));
  }
  return all;
}

Result<Labelled> parse_volume(std::string_view json) {
  const auto volume = PODIUM_TRY(parse(json, "volume"));
  return labelled(volume, text_of(at(volume, "Name")));
}

Result<int> parse_exit_status(std::string_view json) {
  const auto answer = PODIUM_TRY(parse(json, "exit status"));
  if (!at(answer, "StatusCode").is_number_integer()) {
    return fail(kSandboxUnavailable, "the engine told no exit status");
  }
  return at(answer, "StatusCode").get<int>();
}

Result<std::string> parse_exec_id(std::string_view json) {
  auto id = text_of(at(PODIUM_TRY(parse(json, "exec")), "Id"));
  if (id.empty()) return fail(kSandboxUnavailable, "the engine told no exec id");
  return id;
}

Collected judge_path_stat(std::string_view header, std::uint64_t bytes_max) {
  const auto decoded = decode_base64(header);
  const auto stat = Json::parse(decoded.value_or(""), nullptr, /*allow_exceptions=*/false);
  if (!stat.is_object() || !at(stat, "mode").is_number()) {
    return {Collected::Kind::refused, "the engine does not say what it is"};
  }
  const auto mode = number_of(at(stat, "mode"));
  for (const auto& [bit, name] : kFileTypes) {
    if ((mode & bit) != 0) return {Collected::Kind::refused, std::format("it is {}", name)};
  }
  if (!text_of(at(stat, "linkTarget")).empty()) {
    return {Collected::Kind::refused, "it is a symbolic link"};
  }
  const auto bytes = number_of(at(stat, "size"));
  if (bytes > bytes_max) {
    return {Collected::Kind::too_large,
            std::format("it has {} bytes, at most {} are taken", bytes, bytes_max)};
  }
  return {Collected::Kind::file, ""};
}

std::optional<OutputSpace> parse_space(std::string_view text) {
  std::istringstream numbers{std::string{text}};
  std::uint64_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t blocks_free = 0;
  std::uint64_t files_free = 0;
  if (!(numbers >> block_bytes >> blocks >> blocks_free >> files_free)) return std::nullopt;
  return OutputSpace{.bytes = block_bytes * blocks,
                     .bytes_free = block_bytes * blocks_free,
                     .files_free = files_free};
}

}  // namespace podium::executor::docker
