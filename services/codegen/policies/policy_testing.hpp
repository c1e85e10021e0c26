// For the policies' tests: a search's state told candidate by candidate, each named c1, c2 ... in
// turn. What has a broken parent is a debug candidate, what has a sound one an improvement.
#pragma once

#include <chrono>
#include <string>

#include "services/codegen/policies/policy.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen::testing {

inline constexpr std::chrono::seconds kTestBudget{10'000};

class Told {
 public:
  explicit Told(std::uint32_t candidates_max = 40) {
    v1::JobOptions options;
    options.set_candidates_max(candidates_max);
    options.set_parallel_candidates_max(4);
    options.set_time_seconds_max(static_cast<std::uint32_t>(kTestBudget.count()));
    state_ = evolve(initial_state(requested(options)), scraped());
  }

  Told& sound(double value, const std::string& parent = "", const std::string& second = "") {
    auto& candidate = add(parent);
    candidate.set_second_parent_id(second);
    candidate.set_step(v1::CANDIDATE_STEP_DONE);
    candidate.set_accepted(true);
    candidate.mutable_score()->set_value(value);
    candidate.mutable_score()->set_higher_is_better(true);
    candidate.mutable_score()->set_spread(spread_);
    candidate.mutable_score()->set_folds(1);
    return *this;
  }
  Told& broken(const std::string& parent = "") {
    add(parent).set_step(v1::CANDIDATE_STEP_DONE);
    return *this;
  }
  Told& open(const std::string& parent = "") {
    add(parent).set_step(v1::CANDIDATE_STEP_RUNNING);
    return *this;
  }
  Told& given_up() {
    add("").set_step(v1::CANDIDATE_STEP_GIVEN_UP);
    return *this;
  }
  /// So much of the time is over.
  Told& spent(double share) {
    const auto passed = std::chrono::duration<double>{kTestBudget} * share;
    const auto now = kStart + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
    state_ = evolve(std::move(state_), tick_at(now));
    return *this;
  }
  /// Standard error of the scores told from now on.
  Told& noise(double spread) {
    spread_ = spread;
    return *this;
  }
  Told& lower_is_better() {
    for (auto& candidate : *state_.mutable_candidates()) {
      candidate.mutable_score()->set_higher_is_better(false);
    }
    return *this;
  }
  /// How long the run of the newest candidate took.
  Told& ran(std::chrono::seconds time) {
    auto& newest = *state_.mutable_candidates()->rbegin();
    newest.set_run_seconds(static_cast<double>(time.count()));
    return *this;
  }
  /// The newest candidate is an ensemble.
  Told& as_ensemble() {
    state_.mutable_candidates()->rbegin()->set_kind(v1::CANDIDATE_KIND_ENSEMBLE);
    return *this;
  }
  Told& models() {
    state_.mutable_settings()->set_models(true);
    return *this;
  }
  Told& job(const std::string& id) {
    state_.set_job_id(id);
    return *this;
  }
  const v1::SearchState& state() const { return state_; }

 private:
  v1::CandidateState& add(const std::string& parent_id) {
    const auto* parent = find_candidate(state_, parent_id);
    const bool mends = parent != nullptr && !parent->accepted();
    const auto depth = mends ? parent->debug_depth() + 1 : 0;
    auto& candidate = *state_.add_candidates();
    candidate.set_id("c" + std::to_string(state_.candidates_size()));
    candidate.set_parent_id(parent_id);
    candidate.set_kind(mends               ? v1::CANDIDATE_KIND_DEBUG
                       : parent_id.empty() ? v1::CANDIDATE_KIND_DRAFT
                                           : v1::CANDIDATE_KIND_IMPROVE);
    candidate.set_debug_depth(depth);
    return candidate;
  }
  v1::SearchState state_;
  double spread_ = 0;
};

/// The same story in so many jobs: what happens by chance happens in some of them.
inline std::string job_number(int number) {
  return "job-" + std::to_string(number);
}
inline constexpr int kManyJobs = 200;

}  // namespace podium::codegen::testing
