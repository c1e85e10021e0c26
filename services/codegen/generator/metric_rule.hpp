// What a metric asks of a solution: which pieces measure it, turn predictions into answers, and
// tell the models what to learn. Constant data; pure.
#pragma once

#include <string>
#include <string_view>

namespace podium::codegen {

/// What the models of a solution predict.
enum class Form {
  binary,          ///< The probability of one of two classes.
  classes,         ///< The probability of each class.
  number,          ///< A number.
  number_columns,  ///< A number for each of several target columns.
  binary_columns,  ///< A probability for each of several target columns.
};

/// The loss that boosted trees make small.
enum class Objective { squared, absolute, probability };

/// One metric as solutions treat it for one form. Names are those of template pieces.
struct MetricRule {
  /// Key of the metric catalogue.
  std::string_view key;
  bool higher_is_better;
  std::string_view score_piece;
  /// Defines `answer` (and for numbers `to_scale`), or `learn_answer` when `learns_answer`.
  std::string_view answer_piece;
  /// The same when some training targets are below zero.
  std::string_view answer_piece_below_zero;
  /// Defines `loss`, which blending makes small.
  std::string_view loss_piece;
  Objective objective;
  bool learns_answer;
  /// Labels in a row's list of answers; 0 when the answer is no list.
  int answers;
};

/// The rule of a metric for a form; nullptr when the metric does not go with it or is not known.
const MetricRule* find_metric_rule(std::string_view key, Form form);

/// The rule that stands in when the metric is not known. `probabilities`: the submission asks for
/// probabilities rather than labels.
const MetricRule& default_metric_rule(Form form, bool probabilities);

}  // namespace podium::codegen
