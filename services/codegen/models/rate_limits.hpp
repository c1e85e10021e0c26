// What a vendor's headers say about its rates: how much is left, when it is full again, how long to
// wait. Pure. Formats: Anthropic's `anthropic-ratelimit-*` (times of RFC 3339), OpenAI's
// `x-ratelimit-*` (durations as Go writes them), RFC 9110 `Retry-After`, and both SDKs'
// `retry-after-ms` and `x-should-retry`.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"

namespace podium::codegen::models {

/// One allowance that fills itself up again.
struct RateBudget {
  std::optional<std::uint64_t> limit{};
  std::optional<std::uint64_t> remaining{};
  /// From now until it is full.
  std::optional<std::chrono::milliseconds> reset{};
  bool operator==(const RateBudget&) const = default;
};

struct RateLimits {
  RateBudget requests{};
  /// Input and output together.
  RateBudget tokens{};
  RateBudget input_tokens{};
  RateBudget output_tokens{};
  std::optional<std::chrono::milliseconds> retry_after{};
  /// The vendor's own word on whether repeating may help.
  std::optional<bool> should_retry{};
  bool operator==(const RateLimits&) const = default;
};

using HttpHeaders = std::map<std::string, std::string>;

/// `headers` have names in lower case. `now` is our time of day; where the answer has a Date, times
/// in it are taken relative to that, so that a wrong clock does no harm. What cannot be read is
/// left out.
RateLimits read_rate_limits(const HttpHeaders& headers, TimePoint now);

/// "6m0s", "1h2m3.5s", "120ms", also "20" (seconds); nullopt for anything else and for what exceeds
/// ten days.
std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text);
/// "2026-11-22T08:30:51Z", also with a fraction or an offset.
std::optional<TimePoint> parse_rfc3339(std::string_view text);

}  // namespace podium::codegen::models
