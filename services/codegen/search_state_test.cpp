#include "services/codegen/search_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "libs/chassis/utf8.hpp"
#include "services/codegen/commands.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_policy.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

DraftCandidate draft_of(const std::string& id) {
  DraftCandidate draft;
  draft.candidate_id = id;
  return draft;
}

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

TEST(SearchState, TheEndOfALogBeginsWithAWholeCharacter) {
  auto state = carry_out(evolve(initial_state(requested()), scraped()), {draft_of("c1")}, "");
  state = evolve(std::move(state), drafted("c1"));
  state = carry_out(std::move(state), {RunCandidate{"c1", 1}}, "");
  auto crashed = executed("c1", v1::RUN_OUTCOME_CRASHED);
  std::string log = "x";
  while (log.size() < 2 * kLogTailBytesMax) log += "\xC3\xA9";
  crashed.mutable_executed()->set_log_tail(log);
  state = evolve(std::move(state), crashed);
  const auto& kept = find_candidate(state, "c1")->log_tail();
  EXPECT_TRUE(is_utf8(kept));
  EXPECT_LE(kept.size(), kLogTailBytesMax);
  EXPECT_GT(kept.size(), kLogTailBytesMax - 4);
}

TEST(SearchState, AModelThatIsNotAnsweredThreeTimesIsAskedNoMore) {
  auto state = initial_state(requested(), model_settings());
  state = evolve(std::move(state), scraped());
  for (const auto* id : {"c1", "c2", "c3", "c4"}) {
    state = carry_out(std::move(state), {draft_of(id)}, "");
    auto failed = draft_failed(id, 1);
    failed.mutable_draft_failed()->set_reason_code("MODEL_TIMEOUT");
    state = evolve(std::move(state), failed);
  }
  EXPECT_EQ(find_candidate(state, "c1")->generator(), v1::GENERATOR_BUILTIN);
  EXPECT_EQ(state.models_off(), "MODEL_TIMEOUT");
  EXPECT_FALSE(may_ask_models(state));
}

TEST(SearchState, ARepeatedFailureIsPaidOnce) {
  auto state = evolve(initial_state(requested(), model_settings()), scraped());
  state = carry_out(std::move(state), {draft_of("c1"), draft_of("c2")}, "");
  auto failed = draft_failed("c2", 1);
  failed.mutable_draft_failed()->set_tokens(100);
  state = evolve(evolve(std::move(state), failed), failed);
  EXPECT_EQ(state.tokens(), 100U);
}

TEST(SearchState, TheLargestSearchFitsItsBucket) {
  v1::JobOptions options;
  options.set_candidates_max(100);
  options.set_parallel_candidates_max(16);
  auto state = evolve(initial_state(requested(options), model_settings()), scraped());
  for (int hint = 0; hint < 10; ++hint) {
    auto hinted = event_for();
    hinted.mutable_hinted()->set_text(std::to_string(hint) + std::string(2'000, 'h'));
    state = evolve(std::move(state), hinted);
  }
  std::size_t largest = 0;
  for (int round = 0; round < 400; ++round) {
    const auto commands = decide(state);
    state = carry_out(std::move(state), commands, std::string(55, '0'));
    largest = std::max(largest, state.ByteSizeLong());
    state.clear_outbox();
    for (const auto& command : commands) {
      if (const auto* draft = std::get_if<DraftCandidate>(&command)) {
        auto event = drafted(draft->candidate_id);
        event.mutable_drafted()->set_plan_line(std::string(160, 'p'));
        state = evolve(std::move(state), event);
      } else if (const auto* run = std::get_if<RunCandidate>(&command)) {
        auto event =
            executed(run->candidate_id, v1::RUN_OUTCOME_CRASHED, std::nullopt, run->attempt);
        event.mutable_executed()->set_log_tail(std::string(2 * kLogTailBytesMax, 'l'));
        state = evolve(std::move(state), event);
      }
    }
    if (has_ended(state)) break;
  }
  EXPECT_EQ(state.candidates_size(), 100);
  EXPECT_LT(largest, kStateBytesMax);
}

}  // namespace
}  // namespace podium::codegen
