// The simulated world of one job: what becomes of a candidate when it is written and run. It knows
// each candidate's true quality; the search only sees a score. Everything follows from the seed and
// the candidate's number and parents. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "podium/v1/event.pb.h"
#include "services/codegen/bench/dice.hpp"
#include "services/codegen/bench/landscape.hpp"

namespace podium::codegen::bench {

/// What writing a candidate came to.
struct Writing {
  bool written = true;
  std::chrono::milliseconds took{0};
  std::uint64_t tokens = 0;
};

/// What running it came to.
struct Running {
  v1::RunOutcome outcome = v1::RUN_OUTCOME_OK;
  std::chrono::milliseconds took{0};
  v1::Score score;
};

class World {
 public:
  World(const Landscape& landscape, std::uint64_t seed);

  Writing write(const v1::DraftRequested& request);
  /// Repeated for the same candidate it comes to the same.
  Running run(const std::string& candidate_id, std::chrono::seconds longest);

  double quality_of(const std::string& candidate_id) const;
  /// 0 for the best that any search could reach, 1 for an average draft.
  double regret_of(double quality) const;

 private:
  struct Candidate {
    double quality = 0;
    double ceiling = 0;
    double family_ceiling = 0;
    /// Families that it unites, one bit each.
    std::uint32_t families = 0;
    /// How many programs' work it does.
    std::uint32_t runs = 1;
    bool broken = false;
    bool hopeless = false;
    bool debug = false;
  };

  Candidate draft(std::uint32_t number, Dice& dice) const;
  Candidate improvement(const Candidate& parent, Dice& dice) const;
  Candidate blend(const Candidate& left, const Candidate& right, Dice& dice) const;
  Candidate merger(const Candidate& left, const Candidate& right, Dice& dice) const;
  Candidate repair(const Candidate& broken, Dice& dice) const;
  Candidate grown(const v1::DraftRequested& request, Dice& dice) const;
  double gain_of_families(std::uint32_t count) const;

  Landscape landscape_;
  std::uint64_t seed_;
  std::vector<double> family_ceilings_;
  bool higher_is_better_;
  std::unordered_map<std::string, Candidate> candidates_;
};

}  // namespace podium::codegen::bench
