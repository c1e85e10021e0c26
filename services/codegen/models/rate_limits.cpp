#include "services/codegen/models/rate_limits.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "libs/chassis/http/http_time.hpp"

namespace podium::codegen::models {
namespace {

using std::chrono::milliseconds;

/// Longer is a broken header.
constexpr milliseconds kDurationMax = std::chrono::days{10};

std::optional<std::string_view> header(const HttpHeaders& headers, const std::string& name) {
  const auto at = headers.find(name);
  if (at == headers.end() || at->second.empty()) return std::nullopt;
  return at->second;
}

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<milliseconds> bounded(double milliseconds_count) {
  if (!(milliseconds_count >= 0)) return std::nullopt;
  if (milliseconds_count > static_cast<double>(kDurationMax.count())) return std::nullopt;
  return milliseconds{static_cast<milliseconds::rep>(milliseconds_count)};
}

// Until a time that the vendor's clock will show; not negative.
std::optional<milliseconds> until(std::optional<TimePoint> time, TimePoint now) {
  if (!time) return std::nullopt;
  const auto wait = std::chrono::ceil<milliseconds>(*time - now);
  if (wait > kDurationMax) return std::nullopt;
  return std::max(wait, milliseconds{0});
}

// The reset is a time of day, a duration, or (on some gateways) seconds.
RateBudget read_budget(const HttpHeaders& headers, const std::string& limit,
                       const std::string& remaining, const std::string& reset, TimePoint now) {
  RateBudget budget;
  if (const auto text = header(headers, limit)) budget.limit = number_in<std::uint64_t>(*text);
  if (const auto text = header(headers, remaining)) {
    budget.remaining = number_in<std::uint64_t>(*text);
  }
  if (const auto text = header(headers, reset)) {
    budget.reset = parse_go_duration(*text);
    if (!budget.reset) budget.reset = until(parse_rfc3339(*text), now);
  }
  return budget;
}

RateBudget read_anthropic(const HttpHeaders& headers, const std::string& what, TimePoint now) {
  const std::string name = "anthropic-ratelimit-" + what;
  return read_budget(headers, name + "-limit", name + "-remaining", name + "-reset", now);
}

RateBudget read_openai(const HttpHeaders& headers, const std::string& what, TimePoint now) {
  const std::string name = "x-ratelimit-";
  return read_budget(headers, name + "limit-" + what, name + "remaining-" + what,
                     name + "reset-" + what, now);
}

std::optional<milliseconds> read_retry_after(const HttpHeaders& headers, TimePoint now) {
  if (const auto text = header(headers, "retry-after-ms")) {
    if (const auto number = number_in<double>(*text)) return bounded(*number);
  }
  const auto text = header(headers, "retry-after");
  if (!text) return std::nullopt;
  return parse_retry_after(*text, now);
}

}  // namespace

RateLimits read_rate_limits(const HttpHeaders& headers, TimePoint now) {
  if (const auto date = header(headers, "date")) now = parse_http_date(*date).value_or(now);
  RateLimits limits;
  const auto read = [&](const std::string& what) {
    const RateBudget budget = read_anthropic(headers, what, now);
    return budget == RateBudget{} ? read_openai(headers, what, now) : budget;
  };
  limits.requests = read("requests");
  limits.tokens = read("tokens");
  limits.input_tokens = read("input-tokens");
  limits.output_tokens = read("output-tokens");
  limits.retry_after = read_retry_after(headers, now);
  if (const auto text = header(headers, "x-should-retry")) {
    if (*text == "true") limits.should_retry = true;
    if (*text == "false") limits.should_retry = false;
  }
  return limits;
}

std::optional<milliseconds> parse_go_duration(std::string_view text) {
  if (const auto seconds = number_in<double>(text)) return bounded(*seconds * 1000);
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = number_in<double>(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto letters = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, letters);
    text.remove_prefix(letters);
    if (!number) return std::nullopt;
    if (unit == "h")
      total += *number * 3'600'000;
    else if (unit == "m")
      total += *number * 60'000;
    else if (unit == "s")
      total += *number * 1'000;
    else if (unit == "ms")
      total += *number;
    else if (unit != "us" && unit != "µs" && unit != "ns")
      return std::nullopt;
  }
  return bounded(total);
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  if (text.size() < std::string_view{"2026-11-22T08:30:51Z"}.size()) return std::nullopt;
  std::istringstream in{std::string{text.substr(0, 19)}};
  std::chrono::sys_seconds time;
  in >> std::chrono::parse("%FT%T", time);
  if (in.fail()) return std::nullopt;
  text.remove_prefix(19);
  TimePoint point = time;
  if (text.starts_with('.')) {
    const auto digits = std::min(text.find_first_not_of("0123456789", 1), text.size());
    const auto fraction = number_in<double>("0" + std::string{text.substr(0, digits)});
    if (!fraction) return std::nullopt;
    point += milliseconds{static_cast<milliseconds::rep>(*fraction * 1000)};
    text.remove_prefix(digits);
  }
  if (text == "Z" || text == "z") return point;
  const bool offset = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
  if (!offset) return std::nullopt;
  const auto hours = number_in<int>(text.substr(1, 2));
  const auto minutes = number_in<int>(text.substr(4, 2));
  if (!hours || !minutes) return std::nullopt;
  const auto ahead = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return text[0] == '+' ? point - ahead : point + ahead;
}

}  // namespace podium::codegen::models
