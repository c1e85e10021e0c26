// What a single prediction must be: not missing, of the right kind, in range, a known label. Built
// once per check from the competition's facts. One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/metric_catalogue.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// What a submission is checked against.
struct SubmissionRules {
  v1::SubmissionSchema schema;
  /// Key of the metric catalogue; empty when the metric is unknown.
  std::string metric_key;
  /// Whether the truth varies in the training rows, per target column of the sample.
  std::vector<bool> truth_varies;
};

/// The rules of a competition. A column whose truth is unknown is taken to vary.
SubmissionRules submission_rules(const v1::CompetitionFacts& facts);

class PredictionCheck {
 public:
  /// `rules` must outlive it.
  explicit PredictionCheck(const SubmissionRules& rules);

  /// What is wrong with a cell of a target column, as a code and a phrase without its place;
  /// nullopt when nothing is.
  std::optional<Error> problem(std::string_view cell) const;
  /// What is odd about a cell that is not wrong; empty when nothing is.
  std::string_view oddity(std::string_view cell) const;
  /// The cell as it goes into the submission: trimmed, labels and whole numbers in one spelling.
  std::string canonical(std::string_view cell) const;

 private:
  std::optional<Error> number_problem(std::string_view cell) const;
  std::optional<Error> whole_problem(std::string_view cell) const;
  std::optional<Error> list_problem(std::string_view cell) const;

  const v1::SubmissionSchema& schema_;
  const MetricEntry* metric_;
  /// Normal form of each label to its spelling.
  std::map<std::string, std::string, std::less<>> labels_;
  bool labels_have_blanks_ = false;
};

}  // namespace podium::competition
