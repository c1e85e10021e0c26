#include "libs/competition/metric_catalogue.hpp"

#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

std::string_view key_of(std::string_view name) {
  const MetricEntry* entry = recognise_metric_name(name);
  return entry == nullptr ? "" : entry->key;
}

std::string_view key_in(std::string_view text) {
  const MetricEntry* entry = recognise_metric_in_text(text);
  return entry == nullptr ? "" : entry->key;
}

TEST(MetricCatalogue, KeysAndNamesAreUnique) {
  std::set<std::string_view> keys;
  std::set<std::string_view> names;
  for (const MetricEntry& entry : metric_catalogue()) {
    EXPECT_TRUE(keys.insert(entry.key).second) << entry.key;
    for (const std::string_view name : entry.names) {
      EXPECT_TRUE(names.insert(name).second) << name;
      EXPECT_EQ(words_of(name), name) << "is not in the form of words_of";
    }
    EXPECT_LT(entry.value_min, entry.value_max);
  }
}

TEST(MetricCatalogue, HoldsEveryKeyOfTheScorer) {
  for (const char* key : {"rmsle", "rmse",  "mae",      "mape",  "smape",
                          "rmspe", "r2",    "auc",      "gini",  "logloss",
                          "brier", "qwk",   "accuracy", "f1",    "macro_f1",
                          "mcc",   "kappa", "mcrmse",   "mcauc", "multiclass_logloss",
                          "map3"}) {
    EXPECT_NE(find_metric(key), nullptr) << key;
  }
}

TEST(MetricCatalogue, KnowsTheNamesThatKaggleUses) {
  EXPECT_EQ(key_of("Categorization Accuracy"), "accuracy");
  EXPECT_EQ(key_of("Area Under Receiver Operating Characteristic Curve"), "auc");
  EXPECT_EQ(key_of("Mean F-Score"), "f1");
  EXPECT_EQ(key_of("MeanFScore"), "f1");
  EXPECT_EQ(key_of("Macro F-Score"), "macro_f1");
  EXPECT_EQ(key_of("Multiclass Loss"), "multiclass_logloss");
  EXPECT_EQ(key_of("MulticlassLoss"), "multiclass_logloss");
  EXPECT_EQ(key_of("Log Loss"), "logloss");
  EXPECT_EQ(key_of("LogLoss"), "logloss");
  EXPECT_EQ(key_of("Root Mean Squared Error"), "rmse");
  EXPECT_EQ(key_of("Root Mean Squared Logarithmic Error"), "rmsle");
  EXPECT_EQ(key_of("Mean Columnwise Root Mean Squared Error"), "mcrmse");
  EXPECT_EQ(key_of("MCRMSE"), "mcrmse");
  EXPECT_EQ(key_of("Mean Columnwise AUC"), "mcauc");
  EXPECT_EQ(key_of("Symmetric Mean Absolute Percentage Error"), "smape");
  EXPECT_EQ(key_of("Root Mean Square Percentage Error"), "rmspe");
  EXPECT_EQ(key_of("Quadratic Weighted Kappa"), "qwk");
  EXPECT_EQ(key_of("QuadraticWeightedKappa"), "qwk");
  EXPECT_EQ(key_of("Normalized Gini Index"), "gini");
  EXPECT_EQ(key_of("Matthews Correlation Coefficient"), "mcc");
  EXPECT_EQ(key_of("MAP@{3}"), "map3");
  EXPECT_EQ(key_of("Mean Average Precision @ 3"), "map3");
  EXPECT_EQ(key_of("R2 Score"), "r2");
  EXPECT_EQ(key_of("macro_f1"), "macro_f1");
}

TEST(MetricCatalogue, LongerTitlesMeanTheLongestNameInThem) {
  EXPECT_EQ(key_of("Multi-class Log Loss (Beta)"), "multiclass_logloss");
  EXPECT_EQ(key_of("Playground RMSLE v2"), "rmsle");
  EXPECT_EQ(key_of("Levenshtein Mean"), "");
  EXPECT_EQ(key_of(""), "");
}

TEST(MetricCatalogue, FindsTheMetricThatAPageSpeaksOf) {
  EXPECT_EQ(key_in("Submissions are evaluated using F1 between the predicted and expected."), "f1");
  EXPECT_EQ(key_in("We use the multi-class logarithmic loss. logloss is ..."),
            "multiclass_logloss");
  EXPECT_EQ(key_in("scored by the quadratic weighted kappa (kappa for short)"), "qwk");
  EXPECT_EQ(key_in("the root mean squared logarithmic error (RMSLE)"), "rmsle");
  EXPECT_EQ(key_in("evaluated on [area under the ROC curve](https://x/y_auc)"), "auc");
  EXPECT_EQ(key_in("predictions are judged by **accuracy**: the share"), "accuracy");
  EXPECT_EQ(key_in("Mean Average Precision at 3 (MAP@3)"), "map3");
  EXPECT_EQ(key_in("The jury decides."), "");
}

TEST(MetricCatalogue, ANameInsideAWordIsNoName) {
  EXPECT_EQ(key_in("a maestro in a tea cup"), "");
}

TEST(MetricCatalogue, AMetricFromTheTextIsMarkedAsInferred) {
  const auto told = metric_of("Categorization Accuracy", "we use AUC");
  EXPECT_EQ(told.key(), "accuracy");
  EXPECT_TRUE(told.higher_is_better());
  EXPECT_FALSE(told.inferred());
  const auto found = metric_of("", "scored by RMSE");
  EXPECT_EQ(found.key(), "rmse");
  EXPECT_EQ(found.name(), "root mean squared error");
  EXPECT_FALSE(found.higher_is_better());
  EXPECT_TRUE(found.inferred());
  const auto unknown = metric_of("Jury", "");
  EXPECT_EQ(unknown.key(), "");
  EXPECT_EQ(unknown.name(), "Jury");
  EXPECT_FALSE(unknown.inferred());
}

TEST(MetricCatalogue, TellsPossibleFromImpossibleValues) {
  EXPECT_TRUE(is_possible_value(*find_metric("accuracy"), 1.0));
  EXPECT_FALSE(is_possible_value(*find_metric("accuracy"), 81.2));
  EXPECT_FALSE(is_possible_value(*find_metric("rmse"), -0.1));
  EXPECT_TRUE(is_possible_value(*find_metric("r2"), -40));
  EXPECT_FALSE(is_possible_value(*find_metric("r2"), 1.1));
  EXPECT_FALSE(is_possible_value(*find_metric("qwk"), -1.5));
  EXPECT_FALSE(is_possible_value(*find_metric("rmse"), std::nan("")));
  EXPECT_FALSE(is_possible_value(*find_metric("rmse"), HUGE_VAL));
}

}  // namespace
}  // namespace podium::competition
