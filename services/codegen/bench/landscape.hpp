// What a simulated competition is like: how good solutions are and become, how scores are measured,
// what fails, what it costs and how much may be spent. Data only; docs/search.md explains it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace podium::codegen::bench {

/// Qualities are in units in which the ceilings of two approaches typically differ by one.
struct Slopes {
  /// Approaches (kinds of model, of features) that a draft may take.
  std::uint32_t families = 5;
  /// Standard deviation of the families' ceilings.
  double family_spread = 1;
  /// How far a draft's own ceiling lies below its family's, on average: a local optimum.
  double ruggedness = 0.3;
  /// How far a draft lies below its own ceiling, on average.
  double draft_gap = 1.5;
  /// An improvement gains with this probability ...
  double gain_probability = 0.5;
  /// ... up to this share of what is left below the ceiling, ...
  double gain_share_max = 0.5;
  /// ... else it loses so much on average.
  double loss = 0.2;
  /// An improvement finds a way out of its local optimum.
  double escape_probability = 0.1;
  /// What merging solutions of two families adds, at most; each further family adds half of that.
  double merge_gain = 0.6;
  /// Solutions that differ more in quality than this add nothing to each other.
  double merge_reach = 2;
};

struct Scores {
  /// Standard error of a score. The spread that is told is that of folds, which also differ in how
  /// hard they are: it overstates the noise by `spread_factor`.
  double noise = 0.1;
  double spread_factor = 1.5;
  std::uint32_t folds = 5;
};

struct Failures {
  double drafts = 0.2;
  double improves = 0.15;
  double merges = 0.2;
  /// A repair succeeds, unless the candidate is hopeless.
  double repairs = 0.5;
  double hopeless = 0.15;
  /// No program comes of it at all.
  double unwritten = 0.02;
};

struct Costs {
  /// Half of all candidates take less than this.
  double draft_seconds = 40;
  double run_seconds = 90;
  /// Repairs take so many times longer to write and to run.
  double debug_factor = 1;
  double tokens = 12'000;
};

struct Budget {
  std::uint32_t seconds = 86'400;
  std::uint32_t candidates = 40;
};

struct Landscape {
  std::string_view name;
  std::string_view what;
  Slopes slopes = {};
  Scores scores = {};
  Failures failures = {};
  Costs costs = {};
  Budget budget = {};
  /// Each job takes slopes, scores, failures, costs and budget from different landscapes.
  bool mixed = false;
};

/// All landscapes, in the order of the report.
std::span<const Landscape> landscapes();

/// The landscape of one job: itself, or for a mixed one what the seed draws.
Landscape landscape_of_job(const Landscape& landscape, std::uint64_t seed);

}  // namespace podium::codegen::bench
