#include "services/gateway/run_fields.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <format>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/mail.hpp"
#include "libs/chassis/http/url.hpp"
#include "libs/competition/budget.hpp"
#include "libs/competition/competition_url.hpp"
#include "libs/competition/text.hpp"

namespace podium::gateway {
namespace {

constexpr std::uint64_t kMemoryBytesMin = 64ULL * 1024 * 1024;
constexpr std::uint32_t kCpuMilliMax = 1'024 * 1'000;
constexpr std::uint64_t kTokensMax = 1'000'000'000;
constexpr std::int64_t kMicroUsdMax = 1'000'000'000'000;

using Problem = std::optional<std::string>;

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_plain_text(std::string_view text) {
  return text.size() <= kRequestTextBytesMax && is_utf8(text) &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

Problem read_competition(std::string_view text, RunRequest& request) {
  if (!is_plain_text(text)) return "is too long or holds control characters";
  auto parsed = competition::parse_competition_url(text);
  if (!parsed) return parsed.error().detail;
  request.competition.set_kaggle_url(std::string{text});
  request.competition.set_slug(parsed->slug);
  return std::nullopt;
}

Problem read_folder(std::string_view text, RunRequest& request) {
  if (text.size() != 64 || !is_lower_hex(text)) return "must be 64 lower-case hex digits";
  request.competition.set_folder_sha256(std::string{text});
  return std::nullopt;
}

Problem read_max_time(std::string_view text, RunRequest& request) {
  const auto duration = parse_duration(text);
  if (!duration) return "must be a number of seconds or a duration such as 90s, 5m or 2h";
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*duration).count();
  if (seconds < 1 || seconds > kTimeSecondsMax) return "must lie between 1s and 24h";
  request.options.set_time_seconds_max(static_cast<std::uint32_t>(seconds));
  return std::nullopt;
}

Problem read_max_candidates(std::string_view text, RunRequest& request) {
  const auto value = whole_number<std::uint32_t>(text);
  if (!value || *value < 1 || *value > competition::kCandidatesMax) {
    return std::format("must be a number from 1 to {}", competition::kCandidatesMax);
  }
  request.options.set_candidates_max(*value);
  return std::nullopt;
}

Problem read_parallel(std::string_view text, RunRequest& request) {
  const auto value = whole_number<std::uint32_t>(text);
  if (!value || *value < 1 || *value > competition::kParallelCandidatesMax) {
    return std::format("must be a number from 1 to {}", competition::kParallelCandidatesMax);
  }
  request.options.set_parallel_candidates_max(*value);
  return std::nullopt;
}

Problem read_max_tokens(std::string_view text, RunRequest& request) {
  const auto value = whole_number<std::uint64_t>(text);
  if (!value || *value < 1 || *value > kTokensMax) return "must be a number from 1 to 1000000000";
  request.options.set_tokens_max(*value);
  return std::nullopt;
}

Problem read_max_cost(std::string_view text, RunRequest& request) {
  const auto value = parse_micro_usd(text);
  if (!value || *value < 1) return "must be an amount in US dollars such as 2.50";
  request.options.set_cost_micro_usd_max(*value);
  return std::nullopt;
}

Problem read_priority(std::string_view text, RunRequest& request) {
  const auto value = whole_number<std::int32_t>(text);
  if (!value || *value < 0 || *value > 2) return "must be 0 (normal), 1 or 2 (first)";
  request.options.set_priority(*value);
  return std::nullopt;
}

Problem read_cpu(std::string_view text, RunRequest& request) {
  const auto milli = parse_cpu_milli(text);
  if (!milli) return "must be a number of cpus such as 4, 0.5 or 500m";
  request.options.mutable_resources()->set_cpu_milli(*milli);
  return std::nullopt;
}

Problem read_memory(std::string_view text, RunRequest& request) {
  const auto bytes = parse_bytes(text);
  if (!bytes) return "must be a size such as 8Gi, 4096Mi or 4GB";
  if (*bytes < kMemoryBytesMin) return "must be at least 64Mi";
  request.options.mutable_resources()->set_memory_bytes(*bytes);
  return std::nullopt;
}

Problem read_gpus(std::string_view text, RunRequest& request) {
  const auto value = whole_number<std::uint32_t>(text);
  if (!value || *value > 64) return "must be a number from 0 to 64";
  request.options.mutable_resources()->set_gpus(*value);
  return std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view{"._:/@-"}.contains(c);
  });
}

Problem read_provider(std::string_view text, RunRequest& request) {
  if (!is_name(text)) return "must be the name of a model provider, or builtin";
  request.options.set_provider(std::string{text});
  return std::nullopt;
}

Problem read_model(std::string_view text, RunRequest& request) {
  if (!is_name(text)) return "must be the name of a model";
  request.options.set_model(std::string{text});
  return std::nullopt;
}

Problem read_email(std::string_view text, RunRequest& request) {
  if (!is_mail_address(text)) return "must be a mail address such as ada@example.com";
  request.options.set_notify_email(std::string{text});
  return std::nullopt;
}

Problem read_webhook(std::string_view text, RunRequest& request) {
  if (text.size() > kRequestTextBytesMax || !is_http_url(text)) {
    return "must be an http(s) address such as https://example.com/hook";
  }
  request.options.set_notify_webhook(std::string{text});
  return std::nullopt;
}

Problem read_submit(std::string_view text, RunRequest& request) {
  struct Mode {
    std::string_view text;
    v1::SubmitMode mode;
  };
  static constexpr std::array kModes{
      Mode{"never", v1::SUBMIT_MODE_NEVER}, Mode{"false", v1::SUBMIT_MODE_NEVER},
      Mode{"best", v1::SUBMIT_MODE_BEST}, Mode{"true", v1::SUBMIT_MODE_BEST},
      Mode{"manual", v1::SUBMIT_MODE_MANUAL}};
  const auto* found = std::ranges::find(kModes, text, &Mode::text);
  if (found == kModes.end()) return "must be never, best or manual";
  request.options.set_submit(found->mode);
  return std::nullopt;
}

Problem read_idempotency_key(std::string_view text, RunRequest& request) {
  const bool printable = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (text.empty() || text.size() > kIdempotencyKeyBytesMax || !printable) {
    return "must be 1 to 255 printable ASCII characters without blanks";
  }
  request.idempotency_key = text;
  return std::nullopt;
}

constexpr std::array kFields{
    RunField{"url", "competition", read_competition},
    RunField{"kaggle_url", "competition", read_competition},
    RunField{"competition", "competition", read_competition},
    RunField{"folder_sha256", "folder_sha256", read_folder},
    RunField{"max_time", "max_time", read_max_time},
    RunField{"max_candidates", "max_candidates", read_max_candidates},
    RunField{"max_tokens", "max_tokens", read_max_tokens},
    RunField{"max_cost", "max_cost", read_max_cost},
    RunField{"parallel", "parallel", read_parallel},
    RunField{"priority", "priority", read_priority},
    RunField{"cpu", "cpu", read_cpu},
    RunField{"memory", "memory", read_memory},
    RunField{"gpus", "gpus", read_gpus},
    RunField{"provider", "provider", read_provider},
    RunField{"model", "model", read_model},
    RunField{"email", "email", read_email},
    RunField{"webhook", "webhook", read_webhook},
    RunField{"submit", "submit", read_submit},
    RunField{"run_id", "run_id", read_idempotency_key},
    RunField{"Idempotency-Key", "run_id", read_idempotency_key},
};

}  // namespace

std::span<const RunField> run_fields() {
  return kFields;
}

const RunField* find_run_field(std::string_view name) {
  const auto* found = std::ranges::find(kFields, name, &RunField::name);
  return found == kFields.end() ? nullptr : found;
}

std::optional<std::uint32_t> parse_cpu_milli(std::string_view text) {
  double scale = 1'000;
  if (text.ends_with('m')) {
    scale = 1;
    text.remove_suffix(1);
  }
  double value = 0;
  const auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const double milli = std::ceil(value * scale);
  if (!(milli >= 1) || milli > kCpuMilliMax) return std::nullopt;
  return static_cast<std::uint32_t>(milli);
}

std::optional<std::int64_t> parse_micro_usd(std::string_view text) {
  double dollars = 0;
  const auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), dollars, std::chars_format::fixed);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const double micro = std::round(dollars * 1e6);
  if (!(micro >= 0) || micro > static_cast<double>(kMicroUsdMax)) return std::nullopt;
  return static_cast<std::int64_t>(micro);
}

}  // namespace podium::gateway
