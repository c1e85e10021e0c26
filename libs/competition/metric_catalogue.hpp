// The metrics that Podium knows: their keys, the names that Kaggle and its hosts give them, which
// way is better, what values they can take, and what they ask of a prediction. Constant data; all
// functions are pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// What a metric asks of each prediction.
enum class PredictionRule {
  number,        ///< Any finite number.
  non_negative,  ///< A finite number that is not below zero.
  probability,   ///< In [0, 1]; outside it the metric is not defined.
  ranking,       ///< Any finite number, only its order counts; [0, 1] is usual.
  whole,         ///< A whole number.
  label,         ///< One of the known labels.
  label_list,    ///< Labels with blanks between, best first, at most MetricEntry::labels_max.
};

struct MetricEntry {
  std::string_view key;
  /// The name people know it by.
  std::string_view title;
  bool higher_is_better;
  /// Values that are possible; infinities where there is no bound.
  double value_min;
  double value_max;
  PredictionRule rule;
  int labels_max;
  /// Spellings, in the form of words_of(): lower case, one blank between words.
  std::span<const std::string_view> names;
};

/// All entries.
std::span<const MetricEntry> metric_catalogue();

/// The entry of a key; nullptr when there is none.
const MetricEntry* find_metric(std::string_view key);

/// The entry that a host's or Kaggle's metric name means: "Categorization Accuracy", "RMSLE",
/// "MAP@{3}", "Mean F-Score"; nullptr when it means none that is known.
const MetricEntry* recognise_metric_name(std::string_view name);

/// The metric that a page of text speaks of first, the longest name at that place; nullptr when it
/// names none.
const MetricEntry* recognise_metric_in_text(std::string_view text);

/// The metric told by `name`, else found in `text` (then marked as inferred), with the host's name
/// kept; without a key when neither is known.
v1::Metric metric_of(std::string_view name, std::string_view text);

/// True when a score of this metric can have this value: finite and inside its range.
bool is_possible_value(const MetricEntry& metric, double value);

}  // namespace podium::competition
