// What each candidate of the built-in generator tries. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "podium/v1/job.pb.h"

namespace podium::codegen {

/// A kind of model. What it is made of depends on the problem's form; see the template pieces.
enum class Family {
  lightgbm,
  catboost,
  xgboost,
  extra_trees,
  linear,
  words,    ///< Linear model of words and pairs of words; texts only.
  letters,  ///< Linear model of groups of letters; texts only.
  svm,      ///< Support vector machine; pictures, and small tables of numbers.
  network,  ///< Small neural network; pictures, and tables.
};

/// Plan for drafts, so that each has written its file within two minutes.
inline constexpr std::uint32_t kFirstAnswerSeconds = 80;
/// Plan for improvements, which have an answer to fall back on.
inline constexpr std::uint32_t kImprovementSeconds = 900;

struct SolutionChoice {
  /// In the order in which they are trained: the first writes the first submission.
  std::vector<Family> families;
  std::uint32_t folds = 5;
  /// Models of each family and fold, averaged.
  std::uint32_t seeds = 1;
  /// First seed; another one makes other folds.
  std::uint32_t first_seed = 1;
  /// Seconds after which no further model is begun, however long the run may last.
  std::uint32_t seconds_max = kFirstAnswerSeconds;
  /// Features made of several columns, beside the columns themselves.
  bool rich = true;
  /// Fewer features and smaller models: hardly anything is left that could fail.
  bool careful = false;
};

/// The choice for the `variant`-th candidate (from 0) of this kind. Drafts differ in their models,
/// so that the search has something to choose from; improvements use every model, more often.
SolutionChoice plan_of_variant(v1::CandidateKind kind, std::uint32_t variant);

std::string_view name_of(Family family);

}  // namespace podium::codegen
