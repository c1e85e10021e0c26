// One simulated job: the real evolve, decide and carry_out, with a simulated world in place of
// models and sandboxes and a clock that jumps from event to event.
#pragma once

#include <cstdint>

#include "services/codegen/bench/landscape.hpp"
#include "services/codegen/policies/policy.hpp"

namespace podium::codegen::bench {

/// Regret of a job that ends without a submission; an average draft has 1.
inline constexpr double kRegretWithoutAnswer = 2;

struct JobResult {
  /// A checked submission came of it.
  bool answered = false;
  /// Of the submission's true quality: 0 for the best that any search could reach.
  double regret = kRegretWithoutAnswer;
  /// The same of the best candidate there was, had it been chosen.
  double regret_of_best = kRegretWithoutAnswer;
  /// Of the first checked submission; of the whole job when there is none.
  double first_answer_seconds = 0;
  double seconds = 0;
  std::uint32_t candidates = 0;
  std::uint64_t tokens = 0;

  bool operator==(const JobResult&) const = default;
};

/// The same arguments give the same result.
JobResult simulate(const Landscape& landscape, const SearchPolicy& policy, std::uint32_t workers,
                   std::uint64_t seed);

}  // namespace podium::codegen::bench
