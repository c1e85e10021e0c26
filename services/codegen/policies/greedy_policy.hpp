// Greedy search as AIDE does it (WecoAI/aideml): five drafts; then, by chance, a broken leaf is
// mended; else the best is improved. It knows nothing of noise, stagnation or parallel workers: the
// measure that the other policies are held against.
#pragma once

#include <cstdint>

#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {

/// The defaults are AIDE's own.
struct GreedySettings {
  std::uint32_t drafts = 5;
  double debug_probability = 0.5;
  /// Repairs in a row.
  std::uint32_t debug_depth_max = 3;
};

NextCandidate next_greedy(const v1::SearchState& state, const GreedySettings& settings);

SearchPolicy greedy_policy(const GreedySettings& settings = {});

}  // namespace podium::codegen
