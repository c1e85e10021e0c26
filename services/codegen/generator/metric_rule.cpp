#include "services/codegen/generator/metric_rule.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>

namespace podium::codegen {
namespace {

using enum Objective;

constexpr MetricRule number(std::string_view key, bool higher, std::string_view score,
                            std::string_view answer, Objective objective) {
  const bool learns = answer.starts_with("rule_");
  return {key, higher, score, answer, "scale_plain", "loss_of_score", objective, learns, 0};
}

constexpr MetricRule chances(std::string_view key, bool higher, std::string_view score,
                             std::string_view answer, std::string_view loss) {
  const bool learns = answer.starts_with("rule_");
  return {key, higher, score, answer, answer, loss, Objective::probability, learns, 0};
}

constexpr MetricRule top(std::string_view key, int answers) {
  return {key,
          true,
          "metric_map",
          "answer_plain",
          "answer_plain",
          "loss_classes",
          Objective::probability,
          false,
          answers};
}

// Grades are ordered: they are learned as numbers, then cut back into grades.
constexpr MetricRule kQwk{
    "qwk", true, "metric_qwk", "rule_cut_points", "rule_cut_points", "loss_squared", squared,
    true,  0};

constexpr std::array kNumber{
    number("rmse", false, "metric_rmse", "scale_positive", squared),
    number("rmsle", false, "metric_rmsle", "scale_log", squared),
    number("mse", false, "metric_mse", "scale_positive", squared),
    number("mae", false, "metric_mae", "scale_positive", absolute),
    number("medae", false, "metric_medae", "scale_positive", absolute),
    number("mape", false, "metric_mape", "rule_factor", absolute),
    number("smape", false, "metric_smape", "scale_log", squared),
    number("rmspe", false, "metric_rmspe", "rule_factor", squared),
    number("r2", true, "metric_r2", "scale_positive", squared),
    kQwk,
};

constexpr std::array kNumberColumns{
    number("mcrmse", false, "metric_mcrmse", "scale_positive", squared),
    number("rmse", false, "metric_rmse", "scale_positive", squared),
    number("rmsle", false, "metric_rmsle", "scale_log", squared),
    number("mse", false, "metric_mse", "scale_positive", squared),
    number("mae", false, "metric_mae", "scale_positive", absolute),
    number("r2", true, "metric_r2", "scale_positive", squared),
};

constexpr std::array kBinary{
    chances("accuracy", true, "metric_accuracy", "answer_likelier", "loss_binary"),
    chances("auc", true, "metric_auc", "answer_plain", "loss_of_score"),
    chances("gini", true, "metric_gini", "answer_plain", "loss_of_score"),
    chances("average_precision", true, "metric_average_precision", "answer_plain", "loss_of_score"),
    chances("logloss", false, "metric_logloss", "answer_probability", "loss_of_score"),
    chances("brier", false, "metric_brier", "answer_plain", "loss_of_score"),
    chances("f1", true, "metric_f1", "rule_threshold", "loss_binary"),
    chances("macro_f1", true, "metric_macro_f1", "rule_threshold", "loss_binary"),
    chances("weighted_f1", true, "metric_weighted_f1", "rule_threshold", "loss_binary"),
    chances("micro_f1", true, "metric_micro_f1", "answer_likelier", "loss_binary"),
    chances("balanced_accuracy", true, "metric_balanced_accuracy", "rule_threshold", "loss_binary"),
    chances("mcc", true, "metric_mcc", "rule_threshold", "loss_binary"),
    chances("kappa", true, "metric_kappa", "rule_threshold", "loss_binary"),
};

constexpr std::array kClasses{
    chances("accuracy", true, "metric_accuracy", "answer_most_likely", "loss_classes"),
    chances("multiclass_logloss", false, "metric_multiclass_logloss", "answer_shares",
            "loss_of_score"),
    chances("logloss", false, "metric_multiclass_logloss", "answer_shares", "loss_of_score"),
    chances("micro_f1", true, "metric_micro_f1", "answer_most_likely", "loss_classes"),
    chances("f1", true, "metric_macro_f1", "rule_class_weights", "loss_classes"),
    chances("macro_f1", true, "metric_macro_f1", "rule_class_weights", "loss_classes"),
    chances("weighted_f1", true, "metric_weighted_f1", "rule_class_weights", "loss_classes"),
    chances("balanced_accuracy", true, "metric_balanced_accuracy", "rule_class_weights",
            "loss_classes"),
    chances("mcc", true, "metric_mcc", "rule_class_weights", "loss_classes"),
    chances("kappa", true, "metric_kappa", "rule_class_weights", "loss_classes"),
    top("map3", 3),
    top("map5", 5),
    top("map7", 7),
    top("map10", 10),
    top("map12", 12),
};

constexpr std::array kBinaryColumns{
    chances("mclogloss", false, "metric_mclogloss", "answer_probability", "loss_of_score"),
    chances("mcauc", true, "metric_mcauc", "answer_plain", "loss_of_score"),
    chances("logloss", false, "metric_mclogloss", "answer_probability", "loss_of_score"),
    chances("auc", true, "metric_mcauc", "answer_plain", "loss_of_score"),
};

std::span<const MetricRule> rules_of(Form form) {
  switch (form) {
    case Form::binary:
      return kBinary;
    case Form::classes:
      return kClasses;
    case Form::number:
      return kNumber;
    case Form::number_columns:
      return kNumberColumns;
    case Form::binary_columns:
      return kBinaryColumns;
  }
  return kNumber;
}

}  // namespace

const MetricRule* find_metric_rule(std::string_view key, Form form) {
  const auto rules = rules_of(form);
  const auto at = std::ranges::find(rules, key, &MetricRule::key);
  return at == rules.end() ? nullptr : &*at;
}

const MetricRule& default_metric_rule(Form form, bool probabilities) {
  const bool asks_probabilities = probabilities && (form == Form::binary || form == Form::classes);
  const MetricRule* rule =
      asks_probabilities ? find_metric_rule("logloss", form) : &rules_of(form).front();
  assert(rule != nullptr);
  return *rule;
}

}  // namespace podium::codegen
