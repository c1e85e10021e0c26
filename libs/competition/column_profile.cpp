#include "libs/competition/column_profile.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "libs/competition/cell.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// Beyond this a double no longer holds every whole number.
constexpr double kWholeMax = 9007199254740992.0;

std::uint64_t count_words(std::string_view text) {
  std::uint64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

}  // namespace

ColumnProfiler::ColumnProfiler(std::string name, std::size_t distinct_exact_max,
                               DistinctBudget& budget)
    : name_{std::move(name)}, distinct_{distinct_exact_max, budget} {}

void ColumnProfiler::add(std::string_view cell) {
  ++cells_;
  if (is_missing(cell) || trim(cell).empty()) {
    ++missing_;
    return;
  }
  distinct_.add(cell);
  if (examples_.size() < kExamplesMax) add_example(cell);
  const std::size_t length = code_points(cell);
  length_sum_ += length;
  length_max_ = std::max<std::uint64_t>(length_max_, length);
  dates_.add(cell);
  if (const auto number = parse_number(cell)) {
    add_number(*number);
  } else {
    if (parse_boolean(cell)) ++booleans_;
    words_ += count_words(cell);
  }
}

void ColumnProfiler::add_number(double value) {
  ++numbers_;
  if (!std::isfinite(value)) return;
  if (value == std::floor(value) && std::abs(value) <= kWholeMax) ++whole_numbers_;
  ++finite_;
  min_ = finite_ == 1 ? value : std::min(min_, value);
  max_ = finite_ == 1 ? value : std::max(max_, value);
  mean_ += (value - mean_) / static_cast<double>(finite_);
}

void ColumnProfiler::add_example(std::string_view cell) {
  std::string example = clean_text(cell, kExampleBytesMax);
  if (std::ranges::find(examples_, example) == examples_.end()) {
    examples_.push_back(std::move(example));
  }
}

v1::ColumnType ColumnProfiler::type(bool dates) const {
  const std::uint64_t present = cells_ - missing_;
  if (present == 0) return v1::COLUMN_TYPE_EMPTY;
  if (booleans_ == present) return v1::COLUMN_TYPE_BOOLEAN;
  if (dates) return v1::COLUMN_TYPE_DATE;
  if (whole_numbers_ == present) return v1::COLUMN_TYPE_INTEGER;
  if (numbers_ == present) return v1::COLUMN_TYPE_REAL;
  const auto rows = static_cast<double>(present);
  const bool long_cells = static_cast<double>(words_) / rows >= kTextWordsMin ||
                          static_cast<double>(length_sum_) / rows >= kTextLengthMin;
  const bool differ = static_cast<double>(distinct_.count()) / rows >= kTextDistinctShareMin;
  return long_cells && differ ? v1::COLUMN_TYPE_TEXT : v1::COLUMN_TYPE_CATEGORY;
}

ColumnScan ColumnProfiler::finish() const {
  ColumnScan scan;
  scan.dates = dates_.readings();
  v1::ColumnProfile& profile = scan.profile;
  profile.set_name(name_);
  profile.set_type(type(!scan.dates.empty()));
  profile.set_missing(missing_);
  profile.set_distinct(distinct_.count());
  profile.set_distinct_exact(distinct_.exact());
  const std::uint64_t present = cells_ - missing_;
  const bool number =
      profile.type() == v1::COLUMN_TYPE_INTEGER || profile.type() == v1::COLUMN_TYPE_REAL;
  if (number && finite_ > 0) {
    profile.set_min(min_);
    profile.set_max(max_);
    profile.set_mean(mean_);
  }
  for (const std::string& example : examples_) profile.add_examples(example);
  profile.set_identifies_rows(missing_ == 0 && present > 0 && distinct_.all_differ());
  if (profile.type() == v1::COLUMN_TYPE_DATE) profile.set_date_format(scan.dates.front().format);
  if (present > 0) {
    profile.set_length_mean(static_cast<double>(length_sum_) / static_cast<double>(present));
  }
  profile.set_length_max(length_max_);
  return scan;
}

}  // namespace podium::competition
