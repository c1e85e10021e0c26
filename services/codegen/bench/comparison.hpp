// Many simulated jobs for each combination of landscape, number of workers and policy, and what
// they came to on average.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/codegen/bench/landscape.hpp"
#include "services/codegen/policies/policy.hpp"

namespace podium::codegen::bench {

struct Comparison {
  std::vector<Landscape> landscapes = {};
  std::vector<SearchPolicy> policies = {};
  /// Parallel candidates of a job.
  std::vector<std::uint32_t> workers = {};
  std::uint32_t jobs = 200;
  /// Job `n` of every combination has the seed `first_seed` + n, so that all meet the same jobs.
  std::uint64_t first_seed = 1;
};

struct Mean {
  double value = 0;
  double standard_error = 0;
};

Mean mean_of(const std::vector<double>& values);

/// One combination.
struct Cell {
  std::string landscape;
  std::uint32_t workers = 1;
  std::string policy;
  double answered_share = 0;
  Mean regret;
  Mean regret_of_best;
  Mean first_answer_seconds;
  Mean seconds;
  Mean candidates;
  Mean tokens;
};

/// Landscapes, then workers, then policies, in the order given. Uses all processors; the result
/// does not depend on how many there are.
std::vector<Cell> compare(const Comparison& comparison);

}  // namespace podium::codegen::bench
