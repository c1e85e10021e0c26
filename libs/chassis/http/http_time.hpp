// Times as HTTP writes them (RFC 9110, 5.6.7 and 10.2.3). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "libs/chassis/clock.hpp"

namespace podium {

/// "Sun, 22 Nov 2026 08:30:51 GMT".
std::optional<TimePoint> parse_http_date(std::string_view text);

/// The wait of a header Retry-After: seconds, or until a date; never below zero. nullopt when the
/// text is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, TimePoint now);

}  // namespace podium
