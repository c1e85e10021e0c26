#include "services/codegen/generator/solution_plan.hpp"

#include <array>

namespace podium::codegen {
namespace {

using enum Family;

SolutionChoice draft(std::uint32_t variant) {
  switch (variant % 3) {
    case 0:
      return {.families = {linear, lightgbm, extra_trees}, .first_seed = 1 + variant};
    case 1:
      return {.families = {linear, extra_trees, catboost}, .first_seed = 1 + variant};
    default:
      return {.families = {linear, xgboost, network, lightgbm}, .first_seed = 1 + variant};
  }
}

SolutionChoice improvement(std::uint32_t variant) {
  return {.families = {linear, lightgbm, extra_trees, catboost, xgboost, network},
          .folds = variant % 2 == 0 ? 5U : 8U,
          .seeds = 2 + variant % 2,
          .first_seed = 11 + variant,
          .seconds_max = kImprovementSeconds};
}

/// Everything that the drafts tried, in one blend over more folds and seeds.
SolutionChoice ensemble(std::uint32_t variant) {
  return {.families = {linear, lightgbm, extra_trees, catboost, xgboost, network, svm},
          .folds = 8,
          .seeds = 3,
          .first_seed = 101 + variant,
          .seconds_max = kImprovementSeconds};
}

SolutionChoice careful(std::uint32_t variant) {
  return {.families = {variant % 2 == 0 ? extra_trees : lightgbm},
          .folds = 3,
          .first_seed = 1 + variant,
          .rich = false,
          .careful = true};
}

}  // namespace

SolutionChoice plan_of_variant(v1::CandidateKind kind, std::uint32_t variant) {
  switch (kind) {
    case v1::CANDIDATE_KIND_DEBUG:
      return careful(variant);
    case v1::CANDIDATE_KIND_IMPROVE:
      return improvement(variant);
    case v1::CANDIDATE_KIND_ENSEMBLE:
      return ensemble(variant);
    default:
      return draft(variant);
  }
}

std::string_view name_of(Family family) {
  constexpr std::array<std::string_view, 9> kNames{
      "LightGBM",        "CatBoost", "XGBoost",           "extra trees",
      "a linear model",  "words",    "groups of letters", "a support vector machine",
      "a neural network"};
  return kNames.at(static_cast<std::size_t>(family));
}

}  // namespace podium::codegen
