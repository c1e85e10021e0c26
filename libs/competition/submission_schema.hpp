// What a submission must look like, read off the sample submission, which is the final authority on
// columns and ids; what kind of value the predictions are, from the metric, the training column and
// the sample's own values. Pure; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/table_profile.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// Labels of a target that are kept; with more, any value is taken for a label.
inline constexpr std::size_t kLabelsMax = 1000;

/// Id column, target columns and row count of the sample. The id column is the told one if the
/// sample has it, else the first column that identifies rows. SUBMISSION_SCHEMA_UNKNOWN when no
/// column does, or when nothing is left to predict.
Result<v1::SubmissionSchema> read_submission_columns(const TableScan& sample,
                                                     std::string_view told_id_column);

/// What is known of the truth when kinds are decided. Empty when there is no training column.
struct TargetEvidence {
  /// Profiles of the training table's target columns, in the sample's order; a single one when the
  /// sample's columns are its classes.
  std::vector<v1::ColumnProfile> training;
  /// Distinct values of a single training column, when there are at most kLabelsMax.
  std::vector<std::string> labels;
};

/// Sets target_kind, and labels where the kind has any: spelled as the sample spells them, numbers
/// in order of value, else in alphabetical order.
void set_target_kind(v1::SubmissionSchema& schema, const v1::Metric& metric,
                     const TableScan& sample, const TargetEvidence& evidence);

/// Whether the task is to tell two classes, several, or numbers; decided like the kinds.
v1::TaskKind task_kind(const v1::SubmissionSchema& schema, const v1::Metric& metric,
                       const TargetEvidence& evidence);

}  // namespace podium::competition
