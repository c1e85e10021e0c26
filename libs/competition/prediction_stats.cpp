#include "libs/competition/prediction_stats.hpp"

#include <algorithm>
#include <cmath>
#include <format>

#include "libs/competition/cell.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/submission_check.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// Numbers that differ by no more than this share of their size are one number with noise on it.
constexpr double kNoise = 1e-9;

bool equal_values(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto x = parse_number(a);
  const auto y = parse_number(b);
  if (x && y) return std::abs(*x - *y) <= kNoise * std::max(std::abs(*x), std::abs(*y));
  return normal_label(a) == normal_label(b);
}

}  // namespace

void PredictionStats::add(std::size_t column, std::string_view cell) {
  if (columns_.size() <= column) columns_.resize(column + 1);
  Column& seen = columns_[column];
  if (seen.rows++ == 0) seen.first = normal_label(cell);
  seen.same = seen.same && normal_label(cell) == seen.first;
  const auto number = parse_number(cell);
  if (!number) return;
  seen.least = std::min(seen.least.value_or(*number), *number);
  seen.most = std::max(seen.most.value_or(*number), *number);
}

void PredictionStats::compare(std::string_view predicted, std::string_view sample) {
  ++compared_;
  if (equal_values(predicted, sample)) ++equal_;
}

void PredictionStats::note(std::string_view warning) {
  if (warning.empty() || std::ranges::find(notes_, warning) != notes_.end()) return;
  notes_.emplace_back(warning);
}

bool PredictionStats::Column::constant() const {
  if (same) return true;
  if (!least || !most) return false;
  return *most - *least <= kNoise * std::max(std::abs(*most), std::abs(*least));
}

std::optional<Error> PredictionStats::constant_problem() const {
  const auto varies = [&](std::size_t i) {
    return i >= rules_.truth_varies.size() || rules_.truth_varies[i];
  };
  std::size_t constant = 0;
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool wrong = columns_[i].rows > 1 && columns_[i].constant() && varies(i);
    if (wrong && !first) first = i;
    constant += wrong ? 1 : 0;
  }
  // A rare class may have the same small probability everywhere; a number never has.
  const bool some_allowed = rules_.schema.columns_are_classes();
  if (!first || (some_allowed && constant < columns_.size())) return std::nullopt;
  return Error{&reasons::kSubmissionConstant,
               std::format("column {} is {} in every row, while the training rows vary",
                           rules_.schema.target_columns(static_cast<int>(*first)),
                           shown(columns_[*first].first))};
}

std::optional<Error> PredictionStats::problem() const {
  if (auto constant = constant_problem()) return constant;
  const std::uint64_t rows = columns_.empty() ? 0 : columns_.front().rows;
  if (!copied() || rows < kCopyRowsMin ||
      std::ranges::none_of(rules_.truth_varies, std::identity{})) {
    return std::nullopt;
  }
  return Error{
      &reasons::kSubmissionCopiesSample,
      std::format("all {} predictions equal those of {}", compared_, rules_.schema.path())};
}

std::vector<std::string> PredictionStats::warnings() const {
  std::vector<std::string> warnings = notes_;
  if (copied()) warnings.emplace_back("The predictions equal those of the sample submission.");
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].rows < 2 || !columns_[i].constant()) continue;
    warnings.push_back(std::format("Column {} has the same value in every row.",
                                   rules_.schema.target_columns(static_cast<int>(i))));
    break;
  }
  return warnings;
}

}  // namespace podium::competition
