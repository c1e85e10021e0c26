#include "libs/chassis/http/http_time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>
#include <string>

namespace podium {

std::optional<TimePoint> parse_http_date(std::string_view text) {
  std::istringstream in{std::string{text}};
  in.imbue(std::locale::classic());
  std::chrono::sys_seconds time;
  in >> std::chrono::parse("%a, %d %b %Y %T GMT", time);
  // Far beyond and far before, a time in nanoseconds is no number any more.
  constexpr std::chrono::year kFirst{1900};
  constexpr std::chrono::year kLast{2200};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  if (in.fail() || day.year() < kFirst || day.year() > kLast) return std::nullopt;
  return time;
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, TimePoint now) {
  using std::chrono::milliseconds;
  // Beyond a day it is no wait that anybody takes, and far beyond no number of milliseconds.
  constexpr double kDay = 86'400;
  if (const auto date = parse_http_date(text)) {
    return std::clamp(std::chrono::duration_cast<milliseconds>(*date - now), milliseconds{0},
                      milliseconds{std::chrono::hours{24}});
  }
  double seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  if (!whole || std::isnan(seconds)) return std::nullopt;
  const auto wait = std::chrono::duration<double>{std::clamp(seconds, 0.0, kDay)};
  return std::chrono::duration_cast<milliseconds>(wait);
}

}  // namespace podium
