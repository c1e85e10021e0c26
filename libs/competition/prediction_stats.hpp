// What all predictions together say: whether a column is constant where the truth varies, whether
// all of them were copied from the sample, and what is odd but allowed. Constant memory; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/prediction_check.hpp"

namespace podium::competition {

class PredictionStats {
 public:
  /// `rules` must outlive it.
  explicit PredictionStats(const SubmissionRules& rules) : rules_{rules} {}

  /// Takes a prediction of target column `column`.
  void add(std::size_t column, std::string_view cell);
  /// Takes a prediction beside what the sample holds at its place.
  void compare(std::string_view predicted, std::string_view sample);
  /// Keeps a warning once; an empty one not at all.
  void note(std::string_view warning);

  /// SUBMISSION_CONSTANT when a column whose truth varies has one value (where columns are classes:
  /// when all have), or SUBMISSION_COPIES_SAMPLE when every value is the sample's and there are
  /// enough rows for that to be no coincidence.
  std::optional<Error> problem() const;
  std::vector<std::string> warnings() const;

 private:
  struct Column {
    std::uint64_t rows = 0;
    std::string first;
    bool same = true;
    std::optional<double> least;
    std::optional<double> most;

    bool constant() const;
  };

  bool copied() const { return compared_ > 0 && equal_ == compared_; }
  std::optional<Error> constant_problem() const;

  const SubmissionRules& rules_;
  std::vector<Column> columns_;
  std::uint64_t compared_ = 0;
  std::uint64_t equal_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace podium::competition
