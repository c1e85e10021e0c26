#include "libs/competition/prediction_check.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <sstream>

#include "libs/competition/cell.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

std::string in_quotes(std::string_view cell) {
  return '"' + shown(cell) + '"';
}

std::optional<Error> wrong(const ErrorCode& code, std::string detail) {
  return Error{&code, std::move(detail)};
}

const v1::TableProfile* find_table(const v1::CompetitionFacts& facts, std::string_view path) {
  const auto at = std::ranges::find(facts.tables(), path, &v1::TableProfile::path);
  return at == facts.tables().end() ? nullptr : &*at;
}

bool varies(const v1::TableProfile* train, std::string_view column) {
  if (train == nullptr) return true;
  const auto at = std::ranges::find(train->columns(), column, &v1::ColumnProfile::name);
  return at == train->columns().end() || at->distinct() > 1;
}

}  // namespace

SubmissionRules submission_rules(const v1::CompetitionFacts& facts) {
  SubmissionRules rules{facts.submission(), facts.metric().key(), {}};
  const v1::TableProfile* train = find_table(facts, facts.task().train_path());
  const auto& truth = facts.task().target_columns();
  for (int i = 0; i < facts.submission().target_columns_size(); ++i) {
    const bool one_for_all = facts.submission().columns_are_classes();
    const int column = one_for_all ? 0 : i;
    rules.truth_varies.push_back(column >= truth.size() || varies(train, truth.Get(column)));
  }
  return rules;
}

PredictionCheck::PredictionCheck(const SubmissionRules& rules)
    : schema_{rules.schema}, metric_{find_metric(rules.metric_key)} {
  for (const std::string& label : schema_.labels()) {
    labels_.emplace(normal_label(label), label);
    labels_have_blanks_ = labels_have_blanks_ || label.contains(' ');
  }
}

std::optional<Error> PredictionCheck::problem(std::string_view cell) const {
  if (is_blank_prediction(cell) && !labels_.contains(normal_label(cell))) {
    return wrong(reasons::kSubmissionMissingValues, "the value is missing");
  }
  switch (schema_.target_kind()) {
    case v1::TARGET_KIND_LABEL:
      if (labels_.empty() || labels_.contains(normal_label(cell))) return std::nullopt;
      return wrong(
          reasons::kSubmissionTypes,
          std::format("{} is none of the {} labels of the training rows, such as {}",
                      in_quotes(cell), labels_.size(), in_quotes(labels_.begin()->second)));
    case v1::TARGET_KIND_LABEL_LIST:
      return list_problem(cell);
    case v1::TARGET_KIND_INTEGER:
      return whole_problem(cell);
    default:
      return number_problem(cell);
  }
}

std::optional<Error> PredictionCheck::number_problem(std::string_view cell) const {
  const auto number = parse_number(cell);
  if (!number || !std::isfinite(*number)) {
    return wrong(reasons::kSubmissionTypes, in_quotes(cell) + " is not a finite number");
  }
  const bool ranking = metric_ != nullptr && metric_->rule == PredictionRule::ranking;
  const bool outside = *number < 0 || *number > 1;
  if (schema_.target_kind() == v1::TARGET_KIND_PROBABILITY && !ranking && outside) {
    return wrong(reasons::kSubmissionRange,
                 in_quotes(cell) + " is not a probability between 0 and 1");
  }
  const bool non_negative = metric_ != nullptr && metric_->rule == PredictionRule::non_negative;
  if (non_negative && *number < 0) {
    return wrong(reasons::kSubmissionRange, std::format("{} is below 0, which {} does not allow",
                                                        in_quotes(cell), metric_->key));
  }
  return std::nullopt;
}

std::optional<Error> PredictionCheck::whole_problem(std::string_view cell) const {
  const std::string digits = normal_label(cell);
  const auto number = parse_number(digits);
  if (!is_integer_text(digits) || !number) {
    return wrong(reasons::kSubmissionTypes, in_quotes(cell) + " is not a whole number");
  }
  if (labels_.empty()) return std::nullopt;
  const auto least = parse_number(*schema_.labels().begin());
  const auto most = parse_number(*schema_.labels().rbegin());
  const bool outside = least && most && (*number < *least || *number > *most);
  if (!outside) return std::nullopt;
  return wrong(reasons::kSubmissionRange,
               std::format("{} is not between {} and {}", in_quotes(cell), *least, *most));
}

std::optional<Error> PredictionCheck::list_problem(std::string_view cell) const {
  std::istringstream words{std::string{cell}};
  std::string word;
  int count = 0;
  while (words >> word) {
    ++count;
    const bool known =
        labels_.empty() || labels_have_blanks_ || labels_.contains(normal_label(word));
    if (!known) {
      return wrong(reasons::kSubmissionTypes,
                   in_quotes(word) + " is none of the labels of the training rows");
    }
  }
  const int most = metric_ == nullptr ? 0 : metric_->labels_max;
  if (most == 0 || count <= most || labels_have_blanks_) return std::nullopt;
  return wrong(reasons::kSubmissionRange,
               std::format("{} labels where at most {} count", count, most));
}

std::string_view PredictionCheck::oddity(std::string_view cell) const {
  if (schema_.target_kind() != v1::TARGET_KIND_PROBABILITY) return "";
  const double number = parse_number(cell).value_or(0);
  return number < 0 || number > 1 ? "Some values are not between 0 and 1; only their order counts."
                                  : "";
}

std::string PredictionCheck::canonical(std::string_view cell) const {
  if (schema_.target_kind() == v1::TARGET_KIND_INTEGER) return normal_label(cell);
  if (schema_.target_kind() == v1::TARGET_KIND_LABEL) {
    const auto label = labels_.find(normal_label(cell));
    if (label != labels_.end()) return label->second;
  }
  return std::string{trim(cell)};
}

}  // namespace podium::competition
