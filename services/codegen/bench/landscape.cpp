#include "services/codegen/bench/landscape.hpp"

#include <array>

#include "services/codegen/bench/dice.hpp"

namespace podium::codegen::bench {
namespace {

constexpr std::uint64_t kMixing = 0x6d6978;

constexpr std::array<Landscape, 8> kLandscapes{{
    {.name = "smooth",
     .what = "improvements mostly help, ceilings are near each other; 40 candidates",
     .slopes = {.family_spread = 0.6, .ruggedness = 0.1, .gain_probability = 0.65}},
    {.name = "rugged",
     .what = "many local optima, families differ much; 2 hours",
     .slopes = {.families = 8,
                .family_spread = 1.5,
                .ruggedness = 1.2,
                .gain_share_max = 0.7,
                .escape_probability = 0.06},
     .budget = {.seconds = 7'200, .candidates = 100}},
    {.name = "noisy",
     .what = "the noise of a score exceeds what an improvement gains; 40 candidates",
     .slopes = {.family_spread = 0.7, .draft_gap = 1, .gain_share_max = 0.4},
     .scores = {.noise = 0.6}},
    {.name = "failing",
     .what = "60 of 100 candidates crash; 2 hours",
     .failures = {.drafts = 0.6, .improves = 0.6, .merges = 0.6, .hopeless = 0.25},
     .budget = {.seconds = 7'200, .candidates = 100}},
    {.name = "short", .what = "6 candidates, the default of a job", .budget = {.candidates = 6}},
    {.name = "hurried",
     .what = "15 minutes, of which a candidate takes 2",
     .budget = {.seconds = 900, .candidates = 100}},
    {.name = "dear-repairs",
     .what = "repairs take 3 times as long and seldom help; 2 hours",
     .failures = {.drafts = 0.35, .improves = 0.35, .repairs = 0.25, .hopeless = 0.4},
     .costs = {.debug_factor = 3},
     .budget = {.seconds = 7'200, .candidates = 100}},
    {.name = "mixed", .what = "each job mixes the others anew; never tuned on", .mixed = true},
}};

}  // namespace

std::span<const Landscape> landscapes() {
  return kLandscapes;
}

Landscape landscape_of_job(const Landscape& landscape, std::uint64_t seed) {
  if (!landscape.mixed) return landscape;
  Dice dice{seed, kMixing};
  const auto another = [&dice]() -> const Landscape& {
    return kLandscapes.at(dice.below(kLandscapes.size() - 1));
  };
  Landscape drawn = landscape;
  drawn.slopes = another().slopes;
  drawn.scores = another().scores;
  drawn.failures = another().failures;
  drawn.costs = another().costs;
  drawn.budget = another().budget;
  return drawn;
}

}  // namespace podium::codegen::bench
