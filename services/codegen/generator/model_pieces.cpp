#include "services/codegen/generator/model_pieces.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace podium::codegen {
namespace {

using enum Family;

/// With more rows than this, a network or a machine of support vectors takes too long.
constexpr std::uint64_t kSlowModelRowsMax = 30'000;
/// With more rows than these, trees learn faster, and may have more leaves.
constexpr std::uint64_t kMiddlingRows = 3'000;
constexpr std::uint64_t kManyRows = 10'000;

/// Boosting grows a tree for each class and round: with more classes than this, fewer rounds.
constexpr std::uint64_t kManyClasses = 8;

enum class Shape { binary, classes, number };

Shape shape_of(Form form) {
  if (form == Form::binary || form == Form::binary_columns) return Shape::binary;
  return form == Form::classes ? Shape::classes : Shape::number;
}

std::uint64_t class_count(const Problem& problem) {
  return find_column(*problem.train, problem.targets.front())->distinct();
}

struct Names {
  std::string_view lightgbm, catboost, xgboost, extra_trees, network;
};

constexpr Names kClassifiers{"LGBMClassifier", "CatBoostClassifier", "XGBClassifier",
                             "ExtraTreesClassifier", "MLPClassifier"};
constexpr Names kRegressors{"LGBMRegressor", "CatBoostRegressor", "XGBRegressor",
                            "ExtraTreesRegressor", "MLPRegressor"};

struct Losses {
  std::string_view lightgbm, catboost, xgboost, extra_trees;
};

Losses losses_of(Shape shape, Objective objective) {
  if (shape == Shape::binary) {
    return {"\"binary\"", "\"Logloss\"", "\"binary:logistic\"", "\"entropy\""};
  }
  if (shape == Shape::classes) {
    return {"\"multiclass\"", "\"MultiClass\"", "\"multi:softprob\"", "\"entropy\""};
  }
  if (objective == Objective::absolute) {
    return {"\"regression_l1\"", "\"MAE\"", "\"reg:absoluteerror\"", "\"squared_error\""};
  }
  return {"\"regression\"", "\"RMSE\"", "\"reg:squarederror\"", "\"squared_error\""};
}

void set_models(ProgramBuilder& builder, const Problem& problem) {
  const Shape shape = shape_of(problem.form);
  const Names names = shape == Shape::number ? kRegressors : kClassifiers;
  const Losses losses = losses_of(shape, problem.metric->objective);
  const bool many = problem.train->rows() > kManyRows;
  const bool middling = problem.train->rows() > kMiddlingRows;
  const bool wide = problem.train->columns_size() > 100;
  const bool crowded = shape == Shape::classes && class_count(problem) > kManyClasses;
  builder.set("LIGHTGBM", std::string{names.lightgbm});
  builder.set("LIGHTGBM_LOSS", std::string{losses.lightgbm});
  builder.set("LIGHTGBM_RATE", crowded ? "0.1" : many ? "0.05" : "0.03");
  builder.set("LIGHTGBM_LEAVES", crowded ? "7" : many ? "63" : "15");
  builder.set("LIGHTGBM_COLUMNS", wide ? "0.3" : "0.5");
  builder.set("CATBOOST", std::string{names.catboost});
  builder.set("CATBOOST_LOSS", std::string{losses.catboost});
  builder.set("CATBOOST_ROUNDS", crowded ? "300" : "1000");
  builder.set("CATBOOST_RATE", crowded ? "0.2" : middling ? "0.1" : "0.05");
  builder.set("XGBOOST", std::string{names.xgboost});
  builder.set("XGBOOST_LOSS", std::string{losses.xgboost});
  builder.set("XGBOOST_RATE", crowded ? "0.15" : many ? "0.05" : "0.03");
  builder.set("EXTRA_TREES", std::string{names.extra_trees});
  builder.set("EXTRA_TREES_CRITERION", std::string{losses.extra_trees});
  builder.set("EXTRA_TREES_LEAF", shape == Shape::classes ? "1" : "3");
  builder.set("NETWORK", std::string{names.network});
  builder.set("LINEAR_C", shape == Shape::classes ? "10.0" : "0.3");
  builder.set("SCALER", "SplineTransformer(n_knots=5, degree=3)");
  const bool number = shape == Shape::number;
  builder.set("TEXT_MODEL", number ? "Ridge" : "LogisticRegression");
  builder.set("TEXT_MODEL_SETTINGS", number ? "alpha=1.0" : "C=5.0, max_iter=1000");
}

std::string_view piece_of(Family family, const Problem& problem) {
  const bool number = shape_of(problem.form) == Shape::number;
  switch (family) {
    case lightgbm:
      return problem.forward ? "lightgbm_fixed" : "lightgbm";
    case catboost:
      return problem.forward ? "catboost_fixed" : "catboost";
    case xgboost:
      return problem.forward ? "xgboost_fixed" : "xgboost";
    case extra_trees:
      return problem.images ? "extra_trees_pixels" : "extra_trees";
    case linear:
      return number ? "ridge" : "logistic";
    case words:
      return "words";
    case letters:
      return "letters";
    case svm:
      return number ? "svm_number" : "svm_classes";
    case network:
      return problem.images ? "network_pixels" : "network";
  }
  return "lightgbm";
}

std::string_view function_of(Family family) {
  constexpr std::array<std::string_view, 9> kFunctions{"lightgbm",    "catboost", "xgboost",
                                                       "extra_trees", "linear",   "words",
                                                       "letters",     "svm",      "network"};
  return kFunctions.at(static_cast<std::size_t>(family));
}

bool is_boosted(Family family) {
  return family == lightgbm || family == catboost || family == xgboost;
}

Result<void> add_shared(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                        const std::vector<Family>& families) {
  const auto any = [&](auto... wanted) { return (std::ranges::contains(families, wanted) || ...); };
  const bool number = shape_of(problem.form) == Shape::number;
  PODIUM_TRY(builder.add(number                          ? "outputs_number"
                         : problem.form == Form::classes ? "outputs_classes"
                                                         : "outputs_binary"));
  const bool trees = std::ranges::any_of(families, is_boosted) || any(extra_trees);
  if (trees && !problem.images) {
    PODIUM_TRY(builder.add(roles.wordy ? "tree_view_texts" : "tree_view"));
  }
  if (any(linear, network) && !problem.images) PODIUM_TRY(builder.add("linear_view"));
  if (any(words, letters)) PODIUM_TRY(builder.add("text_view"));
  return {};
}

std::vector<Family> wordy_families(const SolutionChoice& choice) {
  std::vector<Family> out;
  for (const Family family : choice.families) {
    if (family == linear) out.insert(out.end(), {words, letters});
    if (is_boosted(family) || family == extra_trees) out.push_back(family);
  }
  return out.empty() ? std::vector{words} : out;
}

std::vector<Family> picture_families(const SolutionChoice& choice) {
  if (choice.careful) return {extra_trees};
  return {svm, extra_trees, network};
}

}  // namespace

std::vector<Family> families_of(const Problem& problem, const ColumnRoles& roles,
                                const SolutionChoice& choice) {
  std::vector<Family> families = choice.families;
  if (roles.wordy) families = wordy_families(choice);
  if (problem.images) families = picture_families(choice);
  if (problem.train->rows() > kSlowModelRowsMax) {
    std::erase_if(families, [](Family family) { return family == network || family == svm; });
  }
  if (families.empty()) families.push_back(problem.images ? extra_trees : lightgbm);
  return families;
}

Result<void> add_models(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                        const std::vector<Family>& families) {
  set_models(builder, problem);
  PODIUM_TRY(add_shared(builder, problem, roles, families));
  std::string models = "{\n";
  for (const Family family : families) {
    PODIUM_TRY(builder.add(piece_of(family, problem)));
    const std::string function{function_of(family)};
    models += "    \"" + function + "\": fit_" + function + ",\n";
  }
  builder.set("MODELS", models + "}");
  return builder.add("models");
}

}  // namespace podium::codegen
