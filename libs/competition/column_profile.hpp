// What one column of a table is like, found out in one pass over its cells in constant memory. One
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/competition/date_pattern.hpp"
#include "libs/competition/distinct_counter.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// First distinct values that a profile keeps, and how long each may be.
inline constexpr std::size_t kExamplesMax = 5;
inline constexpr std::size_t kExampleBytesMax = 80;
/// Longest column name that is kept.
inline constexpr std::size_t kColumnNameBytesMax = 256;

/// A text column has sentences: at least so many words, or so many characters, in the mean, ...
inline constexpr double kTextWordsMin = 3;
inline constexpr double kTextLengthMin = 50;
/// ... and at least this share of its cells differ; otherwise the sentences are names of
/// categories.
inline constexpr double kTextDistinctShareMin = 0.3;

struct ColumnScan {
  v1::ColumnProfile profile;
  /// For dates: every reading that fits all rows, the likeliest first.
  std::vector<DateReading> dates;
};

class ColumnProfiler {
 public:
  /// Distinct values are exact up to `distinct_exact_max`; `budget` must outlive the profiler.
  ColumnProfiler(std::string name, std::size_t distinct_exact_max, DistinctBudget& budget);

  void add(std::string_view cell);

  /// The profile of the cells so far. Types, in this order of preference: EMPTY; BOOLEAN (True and
  /// False only); DATE; INTEGER (whole numbers, also spelled 12.0); REAL; TEXT; CATEGORY. Cells of
  /// blanks only count as missing.
  ColumnScan finish() const;

 private:
  void add_number(double value);
  void add_example(std::string_view cell);
  v1::ColumnType type(bool dates) const;

  std::string name_;
  std::uint64_t cells_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t numbers_ = 0;
  std::uint64_t whole_numbers_ = 0;
  std::uint64_t finite_ = 0;
  std::uint64_t booleans_ = 0;
  std::uint64_t words_ = 0;
  std::uint64_t length_sum_ = 0;
  std::uint64_t length_max_ = 0;
  double min_ = 0;
  double max_ = 0;
  double mean_ = 0;
  std::vector<std::string> examples_;
  DistinctCounter distinct_;
  DateTracker dates_;
};

}  // namespace podium::competition
