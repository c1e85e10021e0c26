// Finds out whether a column holds dates, in which strptime pattern, and from when to when. Whether
// 03/04/2020 is a day of April or of March is decided by the evidence of all rows. Bounded memory;
// one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace podium::competition {

/// The pattern of a column whose cells are all dates but of no single form; pandas knows the word.
inline constexpr std::string_view kMixedDates = "mixed";

/// One way to read a whole column as dates.
struct DateReading {
  /// strptime pattern: "%Y-%m-%d %H:%M", or kMixedDates.
  std::string format;
  /// Earliest and latest moment, in seconds since 1970-01-01; zones are taken into account.
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// A date's form in parts that compare cheaply; format() spells it.
struct DateForm {
  enum class Order : std::uint8_t { ymd, dmy, mdy, compact, year_month, day_name, name_day };
  enum class Clock : std::uint8_t { none, minutes, seconds, fraction, minutes_12, seconds_12 };
  enum class Zone : std::uint8_t { none, letter, offset };

  Order order = Order::ymd;
  char separator = '-';
  bool short_year = false;
  bool long_month = false;
  bool comma = false;
  char joiner = ' ';
  Clock clock = Clock::none;
  bool blank_before_half = false;
  Zone zone = Zone::none;

  bool operator==(const DateForm&) const = default;
  std::string format() const;
};

/// A cell read as a moment.
struct DateMatch {
  DateForm form;
  std::int64_t seconds = 0;
  unsigned day = 0;
};

/// Every way to read the cell as a date: none, one, or two (day first, month first).
std::vector<DateMatch> match_dates(std::string_view cell);

class DateTracker {
 public:
  /// Takes a cell that is not missing.
  void add(std::string_view cell);
  /// The readings that fit the column equally well, the likeliest first; empty when it holds no
  /// dates.
  std::vector<DateReading> readings() const;

 private:
  struct Seen {
    DateForm form;
    std::uint64_t matches = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t previous = 0;
    bool rising = true;
    unsigned day = 0;
    bool same_day = true;

    int likelihood() const;
  };

  Seen* seen_of(const DateForm& form);

  std::vector<Seen> seen_;
  std::uint64_t cells_ = 0;
  std::uint64_t matched_ = 0;
  bool given_up_ = false;
};

}  // namespace podium::competition
