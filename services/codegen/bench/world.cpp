#include "services/codegen/bench/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace podium::codegen::bench {
namespace {

/// Purposes of dice; a candidate's own follow from its number.
constexpr std::uint64_t kFamilies = 1;
constexpr std::uint64_t kWriting = 1'000'000;
constexpr std::uint64_t kRunning = 100'000'000;
/// How much times and spreads vary (standard deviation of their logarithm).
constexpr double kTimeDeviation = 0.5;
constexpr double kSpreadDeviation = 0.2;
/// A draft takes the approach that is its turn with this probability, else any.
constexpr double kDraftsDiffer = 0.7;
/// Drafts are simple programs: none is nearer to its ceiling than this share of the mean distance.
constexpr double kSimplest = 0.6;
/// What a blend adds at most, of what a merge may: averages err less, but nothing new is found.
constexpr double kBlendGain = 0.5;
constexpr double kBlendGainOfKin = 0.2;
/// A repair loses so much on average of what the program was meant to be.
constexpr double kRepairLoss = 0.05;

/// Candidates are named c1, c2 ...
std::uint64_t number_of(const std::string& candidate_id) {
  return std::stoull(candidate_id.substr(1));
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds{std::llround(seconds * 1000)};
}

}  // namespace

World::World(const Landscape& landscape, std::uint64_t seed)
    : landscape_{landscape_of_job(landscape, seed)}, seed_{seed} {
  Dice dice{seed_, kFamilies};
  higher_is_better_ = dice.falls(0.5);
  for (std::uint32_t family = 0; family < landscape_.slopes.families; ++family) {
    family_ceilings_.push_back(dice.normal(landscape_.slopes.family_spread));
  }
}

Writing World::write(const v1::DraftRequested& request) {
  Dice dice{seed_, kWriting * request.attempt() + number_of(request.candidate_id())};
  const auto& costs = landscape_.costs;
  const bool debug = request.kind() == v1::CANDIDATE_KIND_DEBUG;
  const double middle = costs.draft_seconds * (debug ? costs.debug_factor : 1);
  Writing writing;
  writing.took = milliseconds(dice.log_normal(middle, kTimeDeviation));
  writing.tokens = static_cast<std::uint64_t>(dice.log_normal(costs.tokens, kTimeDeviation));
  writing.written = !dice.falls(landscape_.failures.unwritten);
  candidates_[request.candidate_id()] = grown(request, dice);
  return writing;
}

World::Candidate World::grown(const v1::DraftRequested& request, Dice& dice) const {
  if (request.kind() == v1::CANDIDATE_KIND_DRAFT) return draft(request.variant(), dice);
  const auto& parent = candidates_.at(request.parent_id());
  if (request.kind() == v1::CANDIDATE_KIND_DEBUG) return repair(parent, dice);
  if (request.second_parent_id().empty()) return improvement(parent, dice);
  const auto& second = candidates_.at(request.second_parent_id());
  if (request.kind() == v1::CANDIDATE_KIND_ENSEMBLE) return blend(parent, second, dice);
  return merger(parent, second, dice);
}

World::Candidate World::draft(std::uint32_t number, Dice& dice) const {
  const auto& slopes = landscape_.slopes;
  const auto any = dice.below(slopes.families);
  const auto family = dice.falls(kDraftsDiffer) ? number % slopes.families : any;
  Candidate made;
  made.family_ceiling = family_ceilings_.at(family);
  made.ceiling = made.family_ceiling - dice.exponential(slopes.ruggedness);
  made.quality = made.ceiling - slopes.draft_gap * (kSimplest + dice.exponential(1 - kSimplest));
  made.families = 1U << family;
  made.broken = dice.falls(landscape_.failures.drafts);
  made.hopeless = dice.falls(landscape_.failures.hopeless);
  return made;
}

World::Candidate World::improvement(const Candidate& parent, Dice& dice) const {
  const auto& slopes = landscape_.slopes;
  Candidate made = parent;
  made.debug = false;
  if (dice.falls(slopes.escape_probability)) {
    made.ceiling += dice.between(0, 1) * (made.family_ceiling - made.ceiling);
  }
  if (dice.falls(slopes.gain_probability)) {
    made.quality += dice.between(0, slopes.gain_share_max) * (made.ceiling - made.quality);
  } else {
    made.quality -= dice.exponential(slopes.loss);
  }
  made.broken = dice.falls(landscape_.failures.improves);
  made.hopeless = dice.falls(landscape_.failures.hopeless);
  return made;
}

World::Candidate World::merger(const Candidate& left, const Candidate& right, Dice& dice) const {
  const auto& better = left.quality >= right.quality ? left : right;
  const auto families = left.families | right.families;
  const auto count = [](std::uint32_t bits) {
    return static_cast<std::uint32_t>(std::popcount(bits));
  };
  const double apart = std::abs(left.quality - right.quality) / landscape_.slopes.merge_reach;
  const double fit = std::max(0.0, 1 - apart);
  const double added = gain_of_families(count(families)) - gain_of_families(count(better.families));
  Candidate made = better;
  made.debug = false;
  made.families = families;
  made.quality += fit * added * dice.between(0, 1) - dice.exponential(landscape_.slopes.loss / 2);
  made.ceiling += fit * added;
  made.family_ceiling = std::max(left.family_ceiling, right.family_ceiling) + fit * added;
  made.broken = dice.falls(landscape_.failures.merges);
  made.hopeless = dice.falls(landscape_.failures.hopeless);
  return made;
}

/// Predictions of both as they stand, weighted: at worst the better one, at best something above
/// it, more where they err elsewhere.
World::Candidate World::blend(const Candidate& left, const Candidate& right, Dice& dice) const {
  const auto& slopes = landscape_.slopes;
  const double apart = std::abs(left.quality - right.quality) / slopes.merge_reach;
  const double fit = std::max(0.0, 1 - apart);
  const bool kin = left.families == right.families;
  const double gain_max = slopes.merge_gain * (kin ? kBlendGainOfKin : kBlendGain);
  Candidate made = left.quality >= right.quality ? left : right;
  made.debug = false;
  made.runs = left.runs + right.runs;
  made.families = left.families | right.families;
  made.quality += fit * gain_max * dice.between(0, 1);
  made.ceiling = std::max(made.ceiling, made.quality);
  made.broken = dice.falls(landscape_.failures.merges);
  made.hopeless = dice.falls(landscape_.failures.hopeless);
  return made;
}

World::Candidate World::repair(const Candidate& broken, Dice& dice) const {
  Candidate made = broken;
  made.debug = true;
  made.quality -= dice.exponential(kRepairLoss);
  made.broken = broken.hopeless || !dice.falls(landscape_.failures.repairs);
  return made;
}

Running World::run(const std::string& candidate_id, std::chrono::seconds longest) {
  const auto& candidate = candidates_.at(candidate_id);
  Dice dice{seed_, kRunning + number_of(candidate_id)};
  const auto& costs = landscape_.costs;
  const double middle =
      costs.run_seconds * candidate.runs * (candidate.debug ? costs.debug_factor : 1);
  const double whole = dice.log_normal(middle, kTimeDeviation);
  const double until_crash = whole * dice.between(0.05, 0.6);
  Running running;
  running.took = milliseconds(candidate.broken ? until_crash : whole);
  if (candidate.broken) running.outcome = v1::RUN_OUTCOME_CRASHED;
  if (running.took > longest) {
    running.took = longest;
    running.outcome = v1::RUN_OUTCOME_TIMED_OUT;
  }
  const auto& scores = landscape_.scores;
  const double seen = candidate.quality + dice.normal(scores.noise);
  const double spread = scores.noise * scores.spread_factor * std::sqrt(scores.folds);
  running.score.set_metric("simulated");
  running.score.set_value(higher_is_better_ ? seen : -seen);
  running.score.set_higher_is_better(higher_is_better_);
  running.score.set_folds(scores.folds);
  running.score.set_spread(dice.log_normal(spread, kSpreadDeviation));
  return running;
}

double World::quality_of(const std::string& candidate_id) const {
  return candidates_.at(candidate_id).quality;
}

/// Half as much for each further family: g, 1.5 g, 1.75 g ...
double World::gain_of_families(std::uint32_t count) const {
  return landscape_.slopes.merge_gain * 2 * (1 - std::exp2(1.0 - count));
}

double World::regret_of(double quality) const {
  const double highest = std::ranges::max(family_ceilings_);
  const double best = highest + gain_of_families(landscape_.slopes.families);
  double middle = 0;
  for (const double ceiling : family_ceilings_) middle += ceiling;
  middle /= static_cast<double>(family_ceilings_.size());
  const double draft = middle - landscape_.slopes.ruggedness - landscape_.slopes.draft_gap;
  return (best - quality) / (best - draft);
}

}  // namespace podium::codegen::bench
