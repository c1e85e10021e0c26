#include "libs/competition/submission_schema.hpp"

#include <algorithm>
#include <format>
#include <optional>
#include <set>

#include "libs/competition/cell.hpp"
#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// Whole numbers are classes rather than amounts when there are few of them.
constexpr std::uint64_t kNumberClassesMax = 20;

bool is_number(const v1::ColumnProfile& column) {
  return column.type() == v1::COLUMN_TYPE_INTEGER || column.type() == v1::COLUMN_TYPE_REAL;
}

bool looks_like_classes(const v1::ColumnProfile& column) {
  if (column.type() == v1::COLUMN_TYPE_REAL) return column.distinct() == 2;
  if (column.type() == v1::COLUMN_TYPE_INTEGER) return column.distinct() <= kNumberClassesMax;
  return column.distinct() > 0;
}

bool is_fraction(const v1::ColumnProfile& column) {
  return column.type() == v1::COLUMN_TYPE_REAL && column.min() >= 0 && column.max() <= 1;
}

std::optional<int> id_column(const TableScan& sample, std::string_view told) {
  if (const auto column = sample.column(told); column && !told.empty()) return column;
  for (int i = 0; i < sample.profile.columns_size(); ++i) {
    if (sample.profile.columns(i).identifies_rows()) return i;
  }
  return std::nullopt;
}

// Without a metric: what the sample and the training column suggest.
v1::TargetKind guessed_kind(const v1::SubmissionSchema& schema, const TableScan& sample,
                            const TargetEvidence& evidence) {
  const auto column = sample.column(schema.target_columns(0));
  const v1::ColumnProfile& shown = sample.profile.columns(*column);
  const bool classes =
      !evidence.training.empty() && std::ranges::all_of(evidence.training, looks_like_classes);
  if (schema.columns_are_classes()) return v1::TARGET_KIND_PROBABILITY;
  if (classes && is_fraction(shown)) return v1::TARGET_KIND_PROBABILITY;
  if (classes || !is_number(shown)) return v1::TARGET_KIND_LABEL;
  return v1::TARGET_KIND_NUMBER;
}

v1::TargetKind kind_of(PredictionRule rule) {
  switch (rule) {
    case PredictionRule::number:
    case PredictionRule::non_negative:
      return v1::TARGET_KIND_NUMBER;
    case PredictionRule::probability:
    case PredictionRule::ranking:
      return v1::TARGET_KIND_PROBABILITY;
    case PredictionRule::whole:
      return v1::TARGET_KIND_INTEGER;
    case PredictionRule::label:
      return v1::TARGET_KIND_LABEL;
    case PredictionRule::label_list:
      return v1::TARGET_KIND_LABEL_LIST;
  }
  return v1::TARGET_KIND_NUMBER;
}

// How the sample writes this label: its own spelling of it, or of True and False in general.
std::string spelled_as_in(const v1::ColumnProfile& sample, const std::string& label) {
  const std::string normal = normal_label(label);
  for (const std::string& example : sample.examples()) {
    if (normal_label(example) == normal) return std::string{trim(example)};
  }
  if (normal != "True" && normal != "False") return is_integer_text(normal) ? normal : label;
  for (const std::string& example : sample.examples()) {
    if (!parse_boolean(example)) continue;
    const bool capitals = example == "TRUE" || example == "FALSE";
    if (capitals) return normal == "True" ? "TRUE" : "FALSE";
    return example == "true" || example == "false" ? lower(normal) : normal;
  }
  return label;
}

std::vector<std::string> ordered_labels(const v1::ColumnProfile& sample,
                                        const std::vector<std::string>& labels) {
  std::vector<std::string> spelled;
  std::set<std::string> seen;
  for (const std::string& label : labels) {
    if (seen.insert(normal_label(label)).second) spelled.push_back(spelled_as_in(sample, label));
  }
  const bool numbers = std::ranges::all_of(
      spelled, [](const std::string& label) { return parse_number(label).has_value(); });
  if (numbers) {
    std::ranges::sort(spelled, {}, [](const std::string& label) { return *parse_number(label); });
  } else {
    std::ranges::sort(spelled);
  }
  return spelled;
}

}  // namespace

Result<v1::SubmissionSchema> read_submission_columns(const TableScan& sample,
                                                     std::string_view told_id_column) {
  const std::string& path = sample.profile.path();
  const auto id = id_column(sample, told_id_column);
  if (!id) {
    return fail(reasons::kSubmissionSchemaUnknown,
                std::format("no column of {} has another value in every row", path));
  }
  v1::SubmissionSchema schema;
  schema.set_path(path);
  schema.set_rows(sample.profile.rows());
  for (int i = 0; i < sample.profile.columns_size(); ++i) {
    const std::string& name = sample.profile.columns(i).name();
    if (i == *id) {
      schema.set_id_column(name);
    } else {
      schema.add_target_columns(name);
    }
  }
  if (schema.target_columns_size() == 0) {
    return fail(reasons::kSubmissionSchemaUnknown,
                std::format("{} has no column besides its id {}", path, schema.id_column()));
  }
  return schema;
}

void set_target_kind(v1::SubmissionSchema& schema, const v1::Metric& metric,
                     const TableScan& sample, const TargetEvidence& evidence) {
  const MetricEntry* entry = find_metric(metric.key());
  schema.set_target_kind(entry != nullptr ? kind_of(entry->rule)
                                          : guessed_kind(schema, sample, evidence));
  const bool has_labels = schema.target_kind() == v1::TARGET_KIND_LABEL ||
                          schema.target_kind() == v1::TARGET_KIND_LABEL_LIST ||
                          schema.target_kind() == v1::TARGET_KIND_INTEGER;
  if (!has_labels || schema.target_columns_size() != 1) return;
  const auto column = sample.column(schema.target_columns(0));
  for (std::string& label : ordered_labels(sample.profile.columns(*column), evidence.labels)) {
    schema.add_labels(std::move(label));
  }
}

v1::TaskKind task_kind(const v1::SubmissionSchema& schema, const v1::Metric& metric,
                       const TargetEvidence& evidence) {
  if (schema.columns_are_classes()) {
    return schema.target_columns_size() == 2 ? v1::TASK_KIND_BINARY : v1::TASK_KIND_MULTICLASS;
  }
  const bool several = schema.target_columns_size() > 1;
  const MetricEntry* entry = find_metric(metric.key());
  const bool told_number = entry != nullptr && (entry->rule == PredictionRule::number ||
                                                entry->rule == PredictionRule::non_negative);
  const bool told_classes = entry != nullptr && (entry->rule == PredictionRule::label ||
                                                 entry->rule == PredictionRule::label_list ||
                                                 entry->rule == PredictionRule::whole);
  const bool classes = told_classes || (!told_number && !evidence.training.empty() &&
                                        std::ranges::all_of(evidence.training, looks_like_classes));
  if (!classes && !several && schema.target_kind() == v1::TARGET_KIND_PROBABILITY &&
      evidence.training.empty()) {
    return v1::TASK_KIND_BINARY;
  }
  if (!classes) return several ? v1::TASK_KIND_MULTI_REGRESSION : v1::TASK_KIND_REGRESSION;
  const bool two = std::ranges::all_of(
      evidence.training, [](const v1::ColumnProfile& column) { return column.distinct() <= 2; });
  return two && !evidence.training.empty() ? v1::TASK_KIND_BINARY : v1::TASK_KIND_MULTICLASS;
}

}  // namespace podium::competition
