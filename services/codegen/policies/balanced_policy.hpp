// Podium's own policy, the default. A few different drafts; broken candidates are mended while that
// promises more than trying afresh; then a pool of the best candidates is improved, weighted by
// rank, with the weight moving to the very best as the budget is spent; what stands still is
// closed; late in the search the best branches are merged, and at its end they are blended into an
// ensemble. docs/search.md says how it was measured.
#pragma once

#include <cstdint>

#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {

/// Tuned with the simulator in services/codegen/bench, on other seeds than those it is judged by.
struct BalancedSettings {
  /// First drafts before anything else; the greater number where the budget has room for so many
  /// times `candidates_per_draft`.
  std::uint32_t drafts_min = 5;
  std::uint32_t drafts_max = 8;
  std::uint32_t candidates_per_draft = 5;
  /// First drafts without models: the built-in generator knows three that differ.
  std::uint32_t builtin_drafts = 3;
  /// Repairs in a row.
  std::uint32_t debug_depth_max = 3;
  /// A repair must be so likely compared with a fresh try, judged by this search's own history.
  double debug_advantage = 0.8;
  /// Share of the budget after which broken drafts are left alone once something is sound.
  double drafts_mended_until = 0.6;
  /// Improvements of one candidate without a gain before nothing more grows from it.
  std::uint32_t fruitless_improves_max = 3;
  /// Candidates of one branch without a gain before the branch is closed.
  std::uint32_t stagnant_branch_max = 12;
  /// The same for failures, which say less.
  std::uint32_t failed_improves_max = 8;
  std::uint32_t failed_branch_max = 24;
  /// A gain is what exceeds the parent by so many standard errors.
  double gain_noises = 0.25;
  /// Candidates that are worth improving at the beginning and at the end.
  double pool_first = 3;
  double pool_last = 1;
  /// Weight of a candidate in the pool is 1 / rank to this power.
  double rank_power = 1;
  /// ... divided by one more than its open children, to this power.
  double crowding = 1;
  /// Probability of a fresh draft at the beginning; it falls to 0 with the budget.
  double fresh_draft_probability = 0.3;
  /// Share of the budget after which branches are merged, and how many merges at most.
  double merges_from = 0.4;
  std::uint32_t merges_max = 4;
  /// Share of the budget after which the two best that differ are blended into one; and how many
  /// times longer than both of their runs together must be left for it: for writing it, running it
  /// and something to spare. It is tried so often at most.
  double ensemble_from = 0.85;
  double ensemble_times_runs = 2.5;
  std::uint32_t ensembles_max = 1;
  /// Counts how much scores are noise; without it a score is taken as it is.
  bool heed_noise = true;
};

NextCandidate next_balanced(const v1::SearchState& state, const BalancedSettings& settings);

SearchPolicy balanced_policy(const BalancedSettings& settings = {});

}  // namespace podium::codegen
