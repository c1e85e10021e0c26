#include "services/gateway/job_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/clock.hpp"

namespace podium::gateway {
namespace {

constexpr auto kTraceId = "0af7651916cd43dd8448eb211c80319c";
constexpr auto kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

v1::Requested titanic() {
  v1::Requested requested;
  requested.mutable_competition()->set_kaggle_url("https://www.kaggle.com/c/titanic");
  requested.mutable_competition()->set_slug("titanic");
  requested.mutable_created_at()->set_seconds(1'795'334'400);
  requested.add_warnings("mind the gap");
  return requested;
}

v1::SearchState searching() {
  v1::SearchState state;
  state.set_job_id("j1");
  state.set_tenant("default");
  state.set_phase(v1::SEARCH_PHASE_SEARCHING);
  *state.mutable_request() = titanic();
  state.mutable_trace()->set_traceparent(kTraceparent);
  return state;
}

v1::Ended success() {
  v1::Ended ended;
  ended.set_status(v1::JOB_STATUS_SUCCESS);
  ended.set_best_candidate_id("c2");
  ended.set_reason_code("BUDGET_SPENT");
  auto& score = *ended.mutable_score();
  score.set_metric("accuracy");
  score.set_value(0.82);
  score.set_higher_is_better(true);
  score.set_kind(v1::SCORE_KIND_REPORTED);
  ended.mutable_submission()->set_key("j1/submission.csv");
  ended.mutable_submission()->set_bytes(3'258);
  return ended;
}

TEST(JobFacts, AnAcceptedJobIsQueued) {
  v1::Event event;
  event.set_job_id("j1");
  event.mutable_trace()->set_traceparent(kTraceparent);
  *event.mutable_requested() = titanic();
  const auto facts = facts_of_requested(event);
  EXPECT_EQ(facts.status, "queued");
  EXPECT_EQ(facts.competition_name, "titanic");
  EXPECT_EQ(facts.trace_id, kTraceId);
  EXPECT_EQ(facts.created_at, "2026-11-22T08:00:00.000Z");
  EXPECT_THAT(facts.warnings, ::testing::ElementsAre("mind the gap"));
  EXPECT_FALSE(facts.ended());
}

TEST(JobFacts, StageFollowsWhatTheCandidatesDo) {
  auto state = searching();
  state.set_phase(v1::SEARCH_PHASE_SCRAPING);
  EXPECT_EQ(facts_of_state(state).stage, "fetching");
  state.set_phase(v1::SEARCH_PHASE_SEARCHING);
  EXPECT_EQ(facts_of_state(state).stage, "planning");
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_DRAFTING);
  EXPECT_EQ(facts_of_state(state).stage, "generating");
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_RUNNING);
  EXPECT_EQ(facts_of_state(state).stage, "executing");
}

TEST(JobFacts, CandidatesThatAreOverAreCounted) {
  auto state = searching();
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_DONE);
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_GIVEN_UP);
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_RUNNING);
  const auto facts = facts_of_state(state);
  EXPECT_EQ(facts.candidates, 3);
  EXPECT_EQ(facts.candidates_done, 2);
}

TEST(JobFacts, AnEndedStateHasResultAndScore) {
  auto state = searching();
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  *state.mutable_ended() = success();
  state.mutable_now()->set_seconds(1'795'334'460);
  const auto facts = facts_of_state(state);
  EXPECT_TRUE(facts.ended());
  EXPECT_EQ(facts.status, "success");
  EXPECT_EQ(facts.progress, 100);
  EXPECT_EQ(facts.completed_at, "2026-11-22T08:01:00.000Z");
  EXPECT_EQ(facts.submission_key, "j1/submission.csv");
  ASSERT_TRUE(facts.score.has_value());
  EXPECT_EQ(facts.score->direction, "maximize");
  EXPECT_EQ(facts.score->kind, "reported");
}

TEST(JobFacts, TheEndReplacesWhatTheProjectionSaidBefore) {
  JobFacts facts;
  facts.status = "running";
  facts.stage = "executing";
  facts.score = ScoreFacts{.metric = "accuracy",
                           .value = 0.5,
                           .direction = "maximize",
                           .spread = 0,
                           .folds = 0,
                           .kind = "reported"};
  v1::Ended ended;
  ended.set_status(v1::JOB_STATUS_FAILED);
  ended.set_reason_code("KAGGLE_AUTH");
  ended.set_next_step("Create a token.");
  ended.set_candidates(3);
  facts.candidates = 3;
  facts.candidates_done = 1;
  apply_ended(ended, "2026-11-22T08:01:00.000Z", facts);
  EXPECT_EQ(facts.status, "failed");
  EXPECT_EQ(facts.reason_code, "KAGGLE_AUTH");
  EXPECT_EQ(facts.next_step, "Create a token.");
  EXPECT_EQ(facts.candidates_done, 3);
  EXPECT_FALSE(facts.score.has_value());
}

}  // namespace
}  // namespace podium::gateway
