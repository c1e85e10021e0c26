// How good the candidates of a search probably are. A score is a measurement with noise, and the
// best of many measurements is mostly a lucky one; a candidate also resembles the one it grew from.
// So each estimate weighs a candidate's own score against its parent's estimate, by how noisy
// scores are and how far improvements usually move. Where scores tell no spread, the estimate is
// the score. Pure.
#pragma once

#include <vector>

#include "services/codegen/policies/solution_tree.hpp"

namespace podium::codegen {

struct Estimate {
  /// Greater is better; only of scored candidates.
  double value = 0;
  double variance = 0;
};

struct Estimates {
  /// One for each node of the tree, in its order.
  std::vector<Estimate> of;
  /// Typical standard error of one score in this search.
  double noise = 0;
};

Estimates estimate(const SolutionTree& tree);

}  // namespace podium::codegen
