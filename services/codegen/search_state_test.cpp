#include "services/codegen/search_state.hpp"

#include <gtest/gtest.h>

#include "services/codegen/commands.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// A search that has its data and candidate c1 in the given step.
v1::SearchState searching(v1::CandidateStep step) {
  auto state = evolve(initial_state(requested()), scraped());
  auto& candidate = *state.add_candidates();
  candidate.set_id("c1");
  candidate.set_step(step);
  candidate.set_draft_attempt(1);
  if (step == v1::CANDIDATE_STEP_RUNNING) candidate.set_run_attempt(1);
  return state;
}

TEST(SearchState, TheDeadlineIsTheRequestsTimeAfterItsCreation) {
  v1::JobOptions options;
  options.set_time_seconds_max(90);
  const auto state = initial_state(requested(options));
  EXPECT_EQ(from_proto(state.deadline()), kStart + std::chrono::seconds{90});
}

TEST(SearchState, WithoutABudgetTheDefaultTimeHolds) {
  EXPECT_EQ(from_proto(initial_state(requested()).deadline()), kStart + kJobTimeDefault);
}

TEST(SearchState, ScrapedOpensTheSearch) {
  const auto state = evolve(initial_state(requested()), scraped());
  EXPECT_EQ(state.phase(), v1::SEARCH_PHASE_SEARCHING);
  EXPECT_EQ(state.scraped().slug(), "titanic");
}

TEST(SearchState, ARepeatedEventChangesNothing) {
  auto once =
      evolve(searching(v1::CANDIDATE_STEP_RUNNING), executed("c1", v1::RUN_OUTCOME_OK, 0.8));
  auto twice = evolve(once, executed("c1", v1::RUN_OUTCOME_OK, 0.9));
  EXPECT_EQ(once.SerializeAsString(), twice.SerializeAsString());
}

TEST(SearchState, AnAcceptedRunKeepsSubmissionAndScore) {
  const auto state =
      evolve(searching(v1::CANDIDATE_STEP_RUNNING), executed("c1", v1::RUN_OUTCOME_OK, 0.8));
  EXPECT_TRUE(state.candidates(0).accepted());
  EXPECT_DOUBLE_EQ(state.candidates(0).score().value(), 0.8);
  EXPECT_EQ(state.candidates(0).step(), v1::CANDIDATE_STEP_DONE);
}

TEST(SearchState, AnEventOfAnotherAttemptIsIgnored) {
  const auto before = searching(v1::CANDIDATE_STEP_RUNNING);
  const auto after = evolve(before, executed("c1", v1::RUN_OUTCOME_OK, 0.8, 2));
  EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

TEST(SearchState, ALostRunStaysOpenUntilItsAttemptsAreSpent) {
  auto state = searching(v1::CANDIDATE_STEP_RUNNING);
  for (std::uint32_t attempt = 1; attempt < kRunAttemptsMax; ++attempt) {
    state = evolve(std::move(state), executed("c1", v1::RUN_OUTCOME_LOST, std::nullopt, attempt));
    EXPECT_EQ(state.candidates(0).step(), v1::CANDIDATE_STEP_RUNNING);
    state.mutable_candidates(0)->set_run_attempt(attempt + 1);
  }
  state =
      evolve(std::move(state), executed("c1", v1::RUN_OUTCOME_LOST, std::nullopt, kRunAttemptsMax));
  EXPECT_EQ(state.candidates(0).step(), v1::CANDIDATE_STEP_GIVEN_UP);
}

TEST(SearchState, TimeNeverRunsBackwards) {
  auto state = evolve(initial_state(requested()), tick_at(kStart + std::chrono::seconds{10}));
  state = evolve(std::move(state), tick_at(kStart + std::chrono::seconds{5}));
  EXPECT_EQ(now_of(state), kStart + std::chrono::seconds{10});
}

TEST(SearchState, AnEndedSearchLearnsNothingMore) {
  auto state = initial_state(requested());
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  const auto after = evolve(state, cancel_requested());
  EXPECT_FALSE(after.cancelled());
}

TEST(SearchState, TheBestFollowsTheMetricsDirection) {
  auto state = searching(v1::CANDIDATE_STEP_DONE);
  for (const double value : {0.3, 0.1, 0.2}) {
    auto& candidate = *state.add_candidates();
    candidate.set_id(std::to_string(value));
    candidate.set_accepted(true);
    candidate.mutable_score()->set_value(value);
  }
  EXPECT_DOUBLE_EQ(best_of(state)->score().value(), 0.1);
  for (auto& candidate : *state.mutable_candidates()) {
    if (candidate.has_score()) candidate.mutable_score()->set_higher_is_better(true);
  }
  EXPECT_DOUBLE_EQ(best_of(state)->score().value(), 0.3);
}

TEST(SearchState, AHintIsKeptOnceAndTheOldestGoes) {
  auto state = initial_state(requested());
  for (int i = 0; i <= kHintsMax; ++i) {
    auto event = event_for();
    event.mutable_hinted()->set_text("hint " + std::to_string(i));
    state = evolve(evolve(std::move(state), event), event);
  }
  EXPECT_EQ(state.hints_size(), kHintsMax);
  EXPECT_EQ(state.hints(0), "hint 1");
}

TEST(SearchState, TheEndedRecordIsSmallAndKnowsItsEnd) {
  auto state = searching(v1::CANDIDATE_STEP_DONE);
  for (int i = 0; i < 90; ++i) state.add_candidates()->set_log_tail(std::string(2'000, 'x'));
  state = carry_out(std::move(state),
                    {EndJob{.status = v1::JOB_STATUS_FAILED,
                            .reason_code = "NO_VALID_SUBMISSION",
                            .message = "",
                            .next_step = ""}},
                    "");
  const auto record = ended_record(state);
  EXPECT_TRUE(has_ended(record));
  EXPECT_EQ(record.ended().reason_code(), "NO_VALID_SUBMISSION");
  EXPECT_LT(record.ByteSizeLong(), 1'024U);
}

}  // namespace
}  // namespace podium::codegen
