#include "services/tracker/moment.hpp"

#include <charconv>
#include <format>

namespace podium::tracker {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// Of 0001-01-01 and of the end of 9999-12-31 (google/protobuf/timestamp.proto).
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsMax = 253'402'300'799;
constexpr std::size_t kMicrosecondDigits = 6;
constexpr std::size_t kSecondsLength = std::string_view{"2026-11-22 08:30:51"}.size();

std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t digits) {
  const char* const begin = text.data() + from;
  int number = 0;
  const auto [end, error] = std::from_chars(begin, begin + digits, number);
  if (error != std::errc{} || end != begin + digits || number < 0) return std::nullopt;
  return number;
}

// Cuts the fraction off `rest`, which then begins with the zone.
std::optional<microseconds> take_fraction(std::string_view& rest) {
  if (!rest.starts_with('.')) return microseconds{0};
  rest.remove_prefix(1);
  const std::size_t found = rest.find_first_not_of("0123456789");
  const std::size_t length = found == std::string_view::npos ? rest.size() : found;
  std::string digits{rest.substr(0, std::min(length, kMicrosecondDigits))};
  digits.resize(kMicrosecondDigits, '0');
  rest.remove_prefix(length);
  const auto number = number_at(digits, 0, kMicrosecondDigits);
  if (length == 0 || !number) return std::nullopt;
  return microseconds{*number};
}

bool has_separators(std::string_view text) {
  return text[4] == '-' && text[7] == '-' && (text[10] == ' ' || text[10] == 'T') &&
         text[13] == ':' && text[16] == ':';
}

}  // namespace

std::optional<Moment> moment_of(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return std::nullopt;
  if (time.seconds() < kSecondsMin || time.seconds() > kSecondsMax) return std::nullopt;
  if (time.nanos() < 0 || time.nanos() > 999'999'999) return std::nullopt;
  return Moment{seconds{time.seconds()}} + microseconds{time.nanos() / 1'000};
}

std::string to_sql(Moment moment) {
  return std::format("{:%F %T}+00", moment);
}

std::optional<Moment> parse_moment(std::string_view text) {
  if (text.size() < kSecondsLength || !has_separators(text)) return std::nullopt;
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
  const auto hour = number_at(text, 11, 2);
  const auto minute = number_at(text, 14, 2);
  const auto second = number_at(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  std::string_view rest = text.substr(kSecondsLength);
  const auto fraction = take_fraction(rest);
  if (!fraction || (rest != "Z" && rest != "+00")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Moment{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute} + seconds{*second} + *fraction;
}

}  // namespace podium::tracker
