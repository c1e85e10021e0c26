#include "libs/competition/metric_catalogue.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

using Names = std::string_view;

constexpr double kNone = std::numeric_limits<double>::infinity();

// Errors of numbers.
constexpr std::array kRmsle{
    Names{"root mean squared logarithmic error"}, Names{"root mean square logarithmic error"},
    Names{"root mean squared log error"}, Names{"root mean squared error log"}, Names{"rmsle"}};
constexpr std::array kRmse{Names{"root mean squared error"}, Names{"root mean square error"},
                           Names{"root mean squared deviation"}, Names{"rmse"}};
constexpr std::array kMse{Names{"mean squared error"}, Names{"mean square error"}, Names{"mse"}};
constexpr std::array kMae{Names{"mean absolute error"}, Names{"mean absolute deviation"},
                          Names{"mae"}};
constexpr std::array kMedae{Names{"median absolute error"}, Names{"medae"}};
constexpr std::array kMape{Names{"mean absolute percentage error"},
                           Names{"mean absolute percent error"}, Names{"mape"}};
constexpr std::array kSmape{Names{"symmetric mean absolute percentage error"},
                            Names{"symmetric mean absolute percent error"}, Names{"symmetric mape"},
                            Names{"smape"}};
constexpr std::array kRmspe{Names{"root mean square percentage error"},
                            Names{"root mean squared percentage error"}, Names{"rmspe"}};
constexpr std::array kR2{Names{"coefficient of determination"},
                         Names{"r squared"},
                         Names{"r2 score"},
                         Names{"r square"},
                         Names{"r2"},
                         Names{"rsquared"}};

// Probabilities and rankings.
constexpr std::array kAuc{Names{"area under receiver operating characteristic curve"},
                          Names{"area under the receiver operating characteristic curve"},
                          Names{"area under the receiver operating characteristic"},
                          Names{"area under the roc curve"},
                          Names{"area under roc curve"},
                          Names{"area under the curve"},
                          Names{"roc auc score"},
                          Names{"roc auc"},
                          Names{"auc roc"},
                          Names{"auroc"},
                          Names{"auc"}};
constexpr std::array kGini{Names{"normalized gini coefficient"},
                           Names{"normalized gini index"},
                           Names{"normalised gini coefficient"},
                           Names{"normalized gini"},
                           Names{"gini coefficient"},
                           Names{"gini index"},
                           Names{"gini"}};
constexpr std::array kLogloss{Names{"binary cross entropy"}, Names{"logarithmic loss"},
                              Names{"log loss"}, Names{"logloss"}, Names{"cross entropy"}};
constexpr std::array kBrier{Names{"brier score loss"}, Names{"brier score"}, Names{"brier"}};
constexpr std::array kAveragePrecision{Names{"area under the precision recall curve"},
                                       Names{"average precision score"}, Names{"average precision"},
                                       Names{"auprc"}, Names{"pr auc"}};

// Labels.
constexpr std::array kAccuracy{Names{"categorization accuracy"}, Names{"categorisation accuracy"},
                               Names{"classification accuracy"}, Names{"accuracy score"},
                               Names{"accuracy"}};
constexpr std::array kBalanced{Names{"balanced accuracy score"}, Names{"balanced accuracy"}};
constexpr std::array kF1{Names{"mean f score beta"},
                         Names{"mean f score"},
                         Names{"mean fscore"},
                         Names{"mean f1 score"},
                         Names{"binary f1"},
                         Names{"f1 score"},
                         Names{"f score"},
                         Names{"f measure"},
                         Names{"f 1"},
                         Names{"f1"}};
constexpr std::array kMacroF1{Names{"macro averaged f1 score"},
                              Names{"macro averaged f1"},
                              Names{"macro average f1"},
                              Names{"macro f1 score"},
                              Names{"macro f score"},
                              Names{"macro fscore"},
                              Names{"macro f1"},
                              Names{"f1 macro"},
                              Names{"f1 score macro"}};
constexpr std::array kMicroF1{Names{"micro averaged f1 score"},
                              Names{"micro averaged f1"},
                              Names{"micro f1 score"},
                              Names{"micro f score"},
                              Names{"micro fscore"},
                              Names{"micro f1"},
                              Names{"f1 micro"}};
constexpr std::array kWeightedF1{Names{"weighted f1 score"}, Names{"weighted f1"},
                                 Names{"f1 weighted"}};
constexpr std::array kMcc{Names{"matthews correlation coefficient"},
                          Names{"matthew s correlation coefficient"}, Names{"mcc"}};
constexpr std::array kQwk{Names{"quadratic weighted kappa"}, Names{"quadratically weighted kappa"},
                          Names{"qwk"}};
constexpr std::array kKappa{Names{"cohen s kappa"}, Names{"cohen kappa"}, Names{"cohens kappa"},
                            Names{"kappa"}};
constexpr std::array kMap3{Names{"mean average precision 3"}, Names{"map 3"}, Names{"map3"}};
constexpr std::array kMap5{Names{"mean average precision 5"}, Names{"map 5"}, Names{"map5"}};
constexpr std::array kMap7{Names{"mean average precision 7"}, Names{"map 7"}, Names{"map7"}};
constexpr std::array kMap10{Names{"mean average precision 10"}, Names{"map 10"}, Names{"map10"}};
constexpr std::array kMap12{Names{"mean average precision 12"}, Names{"map 12"}, Names{"map12"}};

// Several columns.
constexpr std::array kMcrmse{Names{"mean columnwise root mean squared error"},
                             Names{"mean column wise root mean squared error"},
                             Names{"mean columnwise rmse"}, Names{"mcrmse"}};
constexpr std::array kMcauc{Names{"mean column wise roc auc"},
                            Names{"mean columnwise roc auc"},
                            Names{"mean columnwise area under receiver operating characteristic "
                                  "curve"},
                            Names{"mean columnwise auc"},
                            Names{"mean column wise auc"},
                            Names{"average auc of each predicted column"},
                            Names{"mcauc"}};
constexpr std::array kMclogloss{
    Names{"mean columnwise log loss"}, Names{"mean columnwise logarithmic loss"},
    Names{"mean column wise log loss"}, Names{"mean column wise logarithmic loss"}};
constexpr std::array kMulticlassLogloss{Names{"multi class logarithmic loss"},
                                        Names{"multiclass logarithmic loss"},
                                        Names{"multi class log loss"},
                                        Names{"multiclass log loss"},
                                        Names{"multi class cross entropy"},
                                        Names{"categorical cross entropy"},
                                        Names{"multi class loss"},
                                        Names{"multiclass loss"},
                                        Names{"multiclass logloss"},
                                        Names{"multi class logloss"},
                                        Names{"mlogloss"}};

using enum PredictionRule;

constexpr std::array kCatalogue{
    MetricEntry{"rmsle", "root mean squared logarithmic error", false, 0, kNone, non_negative, 0,
                kRmsle},
    MetricEntry{"rmse", "root mean squared error", false, 0, kNone, number, 0, kRmse},
    MetricEntry{"mse", "mean squared error", false, 0, kNone, number, 0, kMse},
    MetricEntry{"mae", "mean absolute error", false, 0, kNone, number, 0, kMae},
    MetricEntry{"medae", "median absolute error", false, 0, kNone, number, 0, kMedae},
    MetricEntry{"mape", "mean absolute percentage error", false, 0, kNone, number, 0, kMape},
    MetricEntry{"smape", "symmetric mean absolute percentage error", false, 0, 200, number, 0,
                kSmape},
    MetricEntry{"rmspe", "root mean squared percentage error", false, 0, kNone, number, 0, kRmspe},
    MetricEntry{"r2", "coefficient of determination", true, -kNone, 1, number, 0, kR2},
    MetricEntry{"auc", "area under the ROC curve", true, 0, 1, ranking, 0, kAuc},
    MetricEntry{"gini", "normalized Gini coefficient", true, -1, 1, ranking, 0, kGini},
    MetricEntry{"logloss", "log loss", false, 0, kNone, probability, 0, kLogloss},
    MetricEntry{"brier", "Brier score", false, 0, 1, probability, 0, kBrier},
    MetricEntry{"average_precision", "average precision", true, 0, 1, ranking, 0,
                kAveragePrecision},
    MetricEntry{"qwk", "quadratic weighted kappa", true, -1, 1, whole, 0, kQwk},
    MetricEntry{"accuracy", "accuracy", true, 0, 1, label, 0, kAccuracy},
    MetricEntry{"balanced_accuracy", "balanced accuracy", true, 0, 1, label, 0, kBalanced},
    MetricEntry{"f1", "F1 score", true, 0, 1, label, 0, kF1},
    MetricEntry{"macro_f1", "macro F1 score", true, 0, 1, label, 0, kMacroF1},
    MetricEntry{"micro_f1", "micro F1 score", true, 0, 1, label, 0, kMicroF1},
    MetricEntry{"weighted_f1", "weighted F1 score", true, 0, 1, label, 0, kWeightedF1},
    MetricEntry{"mcc", "Matthews correlation coefficient", true, -1, 1, label, 0, kMcc},
    MetricEntry{"kappa", "Cohen's kappa", true, -1, 1, label, 0, kKappa},
    MetricEntry{"map3", "mean average precision at 3", true, 0, 1, label_list, 3, kMap3},
    MetricEntry{"map5", "mean average precision at 5", true, 0, 1, label_list, 5, kMap5},
    MetricEntry{"map7", "mean average precision at 7", true, 0, 1, label_list, 7, kMap7},
    MetricEntry{"map10", "mean average precision at 10", true, 0, 1, label_list, 10, kMap10},
    MetricEntry{"map12", "mean average precision at 12", true, 0, 1, label_list, 12, kMap12},
    MetricEntry{"mcrmse", "mean columnwise root mean squared error", false, 0, kNone, number, 0,
                kMcrmse},
    MetricEntry{"mcauc", "mean columnwise area under the ROC curve", true, 0, 1, ranking, 0,
                kMcauc},
    MetricEntry{"mclogloss", "mean columnwise log loss", false, 0, kNone, probability, 0,
                kMclogloss},
    MetricEntry{"multiclass_logloss", "multiclass log loss", false, 0, kNone, probability, 0,
                kMulticlassLogloss},
};

// "MAP@3" is "map 3" for words_of already; "MAP @ K = 3" and "at 3" become so here.
std::string normal_name(std::string_view name) {
  std::string words = words_of(name);
  for (const std::string_view filler : {" at ", " k "}) {
    for (auto at = words.find(filler); at != std::string::npos; at = words.find(filler)) {
      words.replace(at, filler.size(), " ");
    }
  }
  return words;
}

// Where `name` stands in `text` between word borders; npos when it does not.
std::size_t find_words(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || text[at - 1] == ' ';
    if (begins && (end == text.size() || text[end] == ' ')) return at;
  }
  return std::string_view::npos;
}

const MetricEntry* earliest_in(std::string_view text) {
  const MetricEntry* best = nullptr;
  std::size_t best_at = std::string_view::npos;
  std::size_t best_length = 0;
  for (const MetricEntry& entry : kCatalogue) {
    for (const std::string_view name : entry.names) {
      const std::size_t at = find_words(text, name);
      if (at == std::string_view::npos) continue;
      if (at < best_at || (at == best_at && name.size() > best_length)) {
        best = &entry;
        best_at = at;
        best_length = name.size();
      }
    }
  }
  return best;
}

}  // namespace

std::span<const MetricEntry> metric_catalogue() {
  return kCatalogue;
}

const MetricEntry* find_metric(std::string_view key) {
  const auto at = std::ranges::find(kCatalogue, key, &MetricEntry::key);
  return at == kCatalogue.end() ? nullptr : &*at;
}

const MetricEntry* recognise_metric_name(std::string_view name) {
  if (const MetricEntry* entry = find_metric(lower(trim(name)))) return entry;
  const std::string words = normal_name(name);
  for (const MetricEntry& entry : kCatalogue) {
    if (std::ranges::find(entry.names, words) != entry.names.end()) return &entry;
  }
  // A longer title, such as "Log Loss (Beta)": the longest name in it that is known.
  const MetricEntry* best = nullptr;
  std::size_t best_length = 0;
  for (const MetricEntry& entry : kCatalogue) {
    for (const std::string_view spelling : entry.names) {
      const bool there = find_words(words, spelling) != std::string_view::npos;
      if (!there || spelling.size() <= best_length) continue;
      best = &entry;
      best_length = spelling.size();
    }
  }
  return best;
}

const MetricEntry* recognise_metric_in_text(std::string_view text) {
  return earliest_in(normal_name(text));
}

v1::Metric metric_of(std::string_view name, std::string_view text) {
  v1::Metric metric;
  metric.set_name(std::string{name});
  const MetricEntry* entry = recognise_metric_name(name);
  if (entry == nullptr) {
    entry = recognise_metric_in_text(text);
    metric.set_inferred(entry != nullptr);
  }
  if (entry == nullptr) return metric;
  if (name.empty()) metric.set_name(std::string{entry->title});
  metric.set_key(std::string{entry->key});
  metric.set_higher_is_better(entry->higher_is_better);
  return metric;
}

bool is_possible_value(const MetricEntry& metric, double value) {
  // Rounding may carry a perfect score a little over its bound.
  constexpr double kSlack = 1e-9;
  return std::isfinite(value) && value >= metric.value_min - kSlack &&
         value <= metric.value_max + kSlack;
}

}  // namespace podium::competition
