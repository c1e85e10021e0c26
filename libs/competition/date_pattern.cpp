#include "libs/competition/date_pattern.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

constexpr std::size_t kCellBytesMax = 40;
constexpr std::size_t kFormsMax = 8;
/// Cells after which a column that is mostly no dates is no longer looked at.
constexpr std::uint64_t kTrialCells = 100;
/// A column is dates when at least this share of its cells is; the rest are slips of the pen.
constexpr double kDateShareMin = 0.99;
constexpr int kYearMin = 1500;
constexpr int kYearMax = 2200;
/// POSIX strptime: %y below this is 20yy, else 19yy.
constexpr int kShortYearPivot = 69;

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};

// Reads a cell from left to right; every take says whether it was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_{text} {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Digits ahead, at most nine.
  std::string_view digits() {
    std::size_t n = 0;
    while (n < rest_.size() && n < 9 && rest_[n] >= '0' && rest_[n] <= '9') ++n;
    return cut(n);
  }
  std::string_view letters() {
    std::size_t n = 0;
    while (n < rest_.size() && ((rest_[n] | 0x20) >= 'a' && (rest_[n] | 0x20) <= 'z')) ++n;
    return cut(n);
  }

 private:
  std::string_view cut(std::size_t n) {
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }

  std::string_view rest_;
};

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool is_short(std::string_view digits) {
  return digits.size() == 1 || digits.size() == 2;
}

struct Month {
  int number = 0;
  bool spelled_out = false;
};

std::optional<Month> month_of(std::string_view letters) {
  const std::string name = lower(letters);
  if (name.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    const bool full = name == kMonths[i];
    if (full || name == kMonths[i].substr(0, 3)) {
      return Month{static_cast<int>(i) + 1, full && name.size() > 3};
    }
  }
  return std::nullopt;
}

struct CalendarDay {
  DateForm form;
  int year = 0;
  int month = 0;
  int day = 0;
};

bool set_year(CalendarDay& date, std::string_view digits) {
  date.year = number(digits);
  if (digits.size() == 4) return true;
  if (digits.size() != 2) return false;
  date.form.short_year = true;
  date.year += date.year < kShortYearPivot ? 2000 : 1900;
  return true;
}

using Days = std::vector<CalendarDay>;
using Order = DateForm::Order;

// 2020-01-31, 2020-01, with - / or . between.
Days year_first(Scanner& scan, std::string_view year) {
  const char separator = scan.peek();
  if ((separator != '-' && separator != '/' && separator != '.') || !scan.take(separator))
    return {};
  CalendarDay date{.form = {.order = Order::ymd, .separator = separator}, .year = number(year)};
  const auto month = scan.digits();
  if (!is_short(month)) return {};
  date.month = number(month);
  if (!scan.take(separator)) {
    date.form.order = Order::year_month;
    date.day = 1;
    return separator != '.' && month.size() == 2 && scan.at_end() ? Days{date} : Days{};
  }
  const auto day = scan.digits();
  if (!is_short(day)) return {};
  date.day = number(day);
  return {date};
}

// 31/01/2020, 01/31/2020, 31-Jan-20, 31 January 2020: what stands after the first one or two
// digits.
Days short_first(Scanner& scan, std::string_view first) {
  const char separator = scan.peek();
  if (std::string_view{"-/. "}.find(separator) == std::string_view::npos) return {};
  if (!scan.take(separator)) return {};
  const auto letters = scan.letters();
  const auto second = letters.empty() ? scan.digits() : std::string_view{};
  CalendarDay date{.form = {.order = Order::dmy, .separator = separator}};
  const auto month = month_of(letters);
  if (month) {
    date.form.order = Order::day_name;
    date.form.long_month = month->spelled_out;
    date.month = month->number;
  } else if (!is_short(second) || separator == ' ') {
    return {};
  } else {
    date.month = number(second);
  }
  if (!scan.take(separator) || !set_year(date, scan.digits())) return {};
  date.day = number(first);
  if (month) return {date};
  // "1.2.10" is a version rather than a date.
  const bool padded = first.size() == 2 && second.size() == 2;
  if (date.form.short_year && separator == '.' && !padded) return {};
  CalendarDay other = date;
  other.form.order = Order::mdy;
  std::swap(other.day, other.month);
  return {date, other};
}

// Jan 31, 2020 or January 31 2020.
Days name_first(Scanner& scan) {
  const auto month = month_of(scan.letters());
  if (!month || !scan.take(' ')) return {};
  CalendarDay date{.form = {.order = Order::name_day, .separator = ' '}, .month = month->number};
  date.form.long_month = month->spelled_out;
  const auto day = scan.digits();
  if (!is_short(day)) return {};
  date.day = number(day);
  date.form.comma = scan.take(',');
  const auto year = scan.take(' ') ? scan.digits() : std::string_view{};
  return year.size() == 4 && set_year(date, year) ? Days{date} : Days{};
}

Days dates_at(Scanner& scan) {
  if (scan.peek() < '0' || scan.peek() > '9') return name_first(scan);
  const auto first = scan.digits();
  if (first.size() == 4) return year_first(scan, first);
  if (is_short(first)) return short_first(scan, first);
  if (first.size() != 8) return {};
  return {CalendarDay{.form = {.order = Order::compact},
                      .year = number(first.substr(0, 4)),
                      .month = number(first.substr(4, 2)),
                      .day = number(first.substr(6, 2))}};
}

struct ClockTime {
  DateForm::Clock clock = DateForm::Clock::none;
  DateForm::Zone zone = DateForm::Zone::none;
  char joiner = ' ';
  bool blank_before_half = false;
  std::int64_t seconds = 0;
};

// AM or PM after the time; false when something else stands there.
bool take_half(Scanner& scan, ClockTime& time, int hour) {
  const bool blank = scan.take(' ');
  if (std::string_view{"aApP"}.find(scan.peek()) == std::string_view::npos) return !blank;
  const std::string half = lower(scan.letters());
  const bool fits = (half == "am" || half == "pm") && hour >= 1 && hour <= 12;
  if (!fits || time.clock == DateForm::Clock::fraction) return false;
  time.blank_before_half = blank;
  time.clock = time.clock == DateForm::Clock::minutes ? DateForm::Clock::minutes_12
                                                      : DateForm::Clock::seconds_12;
  if (half == "pm" && hour < 12) time.seconds += 12 * 3600;
  if (half == "am" && hour == 12) time.seconds -= 12 * 3600;
  return true;
}

bool take_zone(Scanner& scan, ClockTime& time) {
  if (scan.take('Z')) {
    time.zone = DateForm::Zone::letter;
    return true;
  }
  const char sign = scan.peek();
  if (sign != '+' && sign != '-') return true;
  scan.take(sign);
  auto hours = scan.digits();
  auto minutes = hours.size() == 4 ? hours.substr(2) : std::string_view{};
  if (minutes.empty() && scan.take(':')) minutes = scan.digits();
  hours = hours.substr(0, 2);
  if (hours.size() != 2 || minutes.size() != 2) return false;
  time.zone = DateForm::Zone::offset;
  const int offset = number(hours) * 3600 + number(minutes) * 60;
  time.seconds += sign == '+' ? -offset : offset;
  return true;
}

// The rest of the cell as a time of day; nullopt when it is none.
std::optional<ClockTime> time_at(Scanner& scan) {
  ClockTime time;
  if (scan.at_end()) return time;
  time.joiner = scan.peek();
  if (!scan.take('T') && !scan.take(' ')) return std::nullopt;
  const auto hours = scan.digits();
  const auto minutes = scan.take(':') ? scan.digits() : std::string_view{};
  if (!is_short(hours) || minutes.size() != 2) return std::nullopt;
  time.clock = DateForm::Clock::minutes;
  time.seconds = number(hours) * 3600 + number(minutes) * 60;
  if (scan.take(':')) {
    const auto seconds = scan.digits();
    if (seconds.size() != 2 || number(seconds) > 60) return std::nullopt;
    time.clock = DateForm::Clock::seconds;
    time.seconds += number(seconds);
    if (scan.take('.')) {
      if (scan.digits().empty()) return std::nullopt;
      time.clock = DateForm::Clock::fraction;
    }
  }
  const bool in_day = number(hours) < 24 && number(minutes) < 60;
  if (!in_day || !take_half(scan, time, number(hours)) || !take_zone(scan, time)) {
    return std::nullopt;
  }
  return scan.at_end() ? std::optional{time} : std::nullopt;
}

std::string_view clock_format(DateForm::Clock clock) {
  switch (clock) {
    case DateForm::Clock::none:
      return "";
    case DateForm::Clock::minutes:
      return "%H:%M";
    case DateForm::Clock::seconds:
      return "%H:%M:%S";
    case DateForm::Clock::fraction:
      return "%H:%M:%S.%f";
    case DateForm::Clock::minutes_12:
      return "%I:%M";
    case DateForm::Clock::seconds_12:
      return "%I:%M:%S";
  }
  return "";
}

}  // namespace

std::string DateForm::format() const {
  const std::string s{separator};
  const std::string year = short_year ? "%y" : "%Y";
  const std::string name = long_month ? "%B" : "%b";
  std::string out;
  if (order == Order::ymd) out = year + s + "%m" + s + "%d";
  if (order == Order::dmy) out = "%d" + s + "%m" + s + year;
  if (order == Order::mdy) out = "%m" + s + "%d" + s + year;
  if (order == Order::compact) out = "%Y%m%d";
  if (order == Order::year_month) out = "%Y" + s + "%m";
  if (order == Order::day_name) out = "%d" + s + name + s + year;
  if (order == Order::name_day) out = name + " %d" + (comma ? "," : "") + " " + year;
  if (clock == Clock::none) return out;
  out += joiner;
  out += clock_format(clock);
  if (clock == Clock::minutes_12 || clock == Clock::seconds_12) {
    out += blank_before_half ? " %p" : "%p";
  }
  if (zone == Zone::letter) out += "Z";
  if (zone == Zone::offset) out += "%z";
  return out;
}

std::vector<DateMatch> match_dates(std::string_view cell) {
  const std::string_view text = trim(cell);
  if (text.size() < 6 || text.size() > kCellBytesMax) return {};
  Scanner scan{text};
  Days days = dates_at(scan);
  if (days.empty()) return {};
  const auto time = time_at(scan);
  if (!time) return {};
  std::vector<DateMatch> matches;
  for (CalendarDay& date : days) {
    namespace chrono = std::chrono;
    const chrono::year_month_day calendar{chrono::year{date.year},
                                          chrono::month{static_cast<unsigned>(date.month)},
                                          chrono::day{static_cast<unsigned>(date.day)}};
    if (!calendar.ok() || date.year < kYearMin || date.year > kYearMax) continue;
    date.form.clock = time->clock;
    date.form.joiner = time->joiner;
    date.form.blank_before_half = time->blank_before_half;
    date.form.zone = time->zone;
    const chrono::seconds since = chrono::sys_days{calendar}.time_since_epoch();
    matches.push_back({date.form, since.count() + time->seconds, static_cast<unsigned>(date.day)});
  }
  return matches;
}

void DateTracker::add(std::string_view cell) {
  ++cells_;
  if (given_up_) return;
  bool matched = false;
  for (const DateMatch& match : match_dates(cell)) {
    Seen* seen = seen_of(match.form);
    if (seen == nullptr) continue;
    matched = true;
    if (seen->matches == 0)
      *seen = Seen{.form = match.form,
                   .first = match.seconds,
                   .last = match.seconds,
                   .previous = match.seconds,
                   .day = match.day};
    ++seen->matches;
    seen->first = std::min(seen->first, match.seconds);
    seen->last = std::max(seen->last, match.seconds);
    seen->rising = seen->rising && match.seconds >= seen->previous;
    seen->same_day = seen->same_day && match.day == seen->day;
    seen->previous = match.seconds;
  }
  if (matched) ++matched_;
  given_up_ = cells_ >= kTrialCells && matched_ * 2 < cells_;
}

DateTracker::Seen* DateTracker::seen_of(const DateForm& form) {
  const auto at = std::ranges::find(seen_, form, &Seen::form);
  if (at != seen_.end()) return &*at;
  if (seen_.size() >= kFormsMax) return nullptr;
  seen_.push_back({.form = form});
  return &seen_.back();
}

// Among readings that fit all rows: a day that never changes is a day (months are counted), rows in
// order of time are in order for the right reading, and else what the separator is used with.
int DateTracker::Seen::likelihood() const {
  const bool month_first = form.order == DateForm::Order::mdy;
  const bool usual = form.separator == '/' ? month_first : !month_first;
  return (same_day ? 4 : 0) + (rising ? 2 : 0) + (usual ? 1 : 0);
}

std::vector<DateReading> DateTracker::readings() const {
  if (given_up_ || cells_ == 0) return {};
  const auto enough = [&](std::uint64_t matches, bool compact) {
    const double share = compact ? 1.0 : kDateShareMin;
    return static_cast<double>(matches) >= share * static_cast<double>(cells_);
  };
  std::uint64_t most = 0;
  for (const Seen& seen : seen_) most = std::max(most, seen.matches);
  std::vector<Seen> best;
  for (const Seen& seen : seen_) {
    const bool compact = seen.form.order == DateForm::Order::compact;
    if (seen.matches == most && enough(most, compact)) best.push_back(seen);
  }
  std::ranges::stable_sort(best, std::ranges::greater{}, &Seen::likelihood);
  std::vector<DateReading> out;
  for (const Seen& seen : best) out.push_back({seen.form.format(), seen.first, seen.last});
  const bool mixed = out.empty() && seen_.size() > 1 && enough(matched_, true);
  if (!mixed) return out;
  DateReading all{std::string{kMixedDates}, seen_[0].first, seen_[0].last};
  for (const Seen& seen : seen_) {
    all.first = std::min(all.first, seen.first);
    all.last = std::max(all.last, seen.last);
  }
  return {all};
}

}  // namespace podium::competition
