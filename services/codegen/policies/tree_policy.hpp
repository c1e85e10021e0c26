// Tree search with upper confidence bounds (UCT: Kocsis, Szepesvari 2006; as AIRA-dojo and MLEvolve
// use it): from the root down, a node that may still grow is grown; else the child with the
// greatest sum of mean reward and exploration term is entered. A sound candidate's reward is its
// score scaled between the worst and the best seen, a broken one's is 0; an open one counts as a
// visit without reward, so that parallel workers spread. Exploration falls as the budget is spent.
#pragma once

#include <cstdint>

#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {

/// Tuned like the default policy's settings, so that the comparison is fair.
struct TreeSettings {
  std::uint32_t drafts = 8;
  /// Improvements of one candidate before its children are entered.
  std::uint32_t improves_per_parent = 2;
  /// Repairs in a row.
  std::uint32_t debug_depth_max = 3;
  /// Weight of the exploration term: the first until `falls_from` of the budget is spent, then
  /// falling to the last, reached at `falls_until`.
  double exploration_first = 0.4;
  double exploration_last = 0.05;
  double falls_from = 0.3;
  double falls_until = 0.7;
};

NextCandidate next_in_tree(const v1::SearchState& state, const TreeSettings& settings);

SearchPolicy tree_policy(const TreeSettings& settings = {});

}  // namespace podium::codegen
