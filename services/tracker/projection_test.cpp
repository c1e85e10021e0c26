#include "services/tracker/projection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "services/tracker/testing/job_script.hpp"

namespace podium::tracker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::JobScript;

constexpr const char* kJob = "01935d3e-0000-7000-8000-000000000001";

// Folds a script's events into rows, one sequence after the other.
class Projection : public ::testing::Test {
 protected:
  void fold(const std::vector<v1::Event>& events) {
    for (const auto& event : events) project(testing::recorded(event, ++sequence_), rows_);
  }
  // Folds what the script has that was not folded yet.
  void fold() {
    const auto& events = script_.events();
    fold({events.begin() + static_cast<std::ptrdiff_t>(folded_), events.end()});
    folded_ = events.size();
  }
  const JobRow& job() { return *rows_.jobs.find(kJob); }
  const CandidateRow& candidate(const std::string& id) {
    return *rows_.candidates.find({kJob, id});
  }
  const RunRow& run(const std::string& candidate, std::uint32_t attempt = 1) {
    return *rows_.runs.find({kJob, script_.run(candidate, attempt)});
  }
  std::vector<std::string> anomalies() {
    std::vector<std::string> whats;
    for (const auto& row : rows_.anomalies) whats.push_back(row.what);
    return whats;
  }
  void open_candidate(const std::string& id) {
    script_.draft_requested(id);
    script_.drafted(id);
    script_.started(id);
  }
  void open_job() {
    script_.requested();
    script_.scraped();
  }

  JobScript script_{kJob};
  RowSet rows_;
  std::int64_t sequence_ = 0;
  std::size_t folded_ = 0;
};

TEST_F(Projection, ARequestOpensAQueuedJob) {
  script_.requested();
  fold();
  EXPECT_EQ(job().status, "queued");
  EXPECT_EQ(job().stage, "fetching");
  EXPECT_EQ(job().progress, 0);
  EXPECT_EQ(job().slug, "titanic");
  EXPECT_EQ(job().kaggle_url, "https://www.kaggle.com/competitions/titanic");
  EXPECT_EQ(job().trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(to_sql(job().created_at), "2026-11-22 08:30:51.123456+00");
  EXPECT_EQ(job().deadline, job().created_at + std::chrono::seconds{100});
  EXPECT_EQ(job().candidates_max, 4);
  EXPECT_THAT(job().options, HasSubstr("\"candidates_max\":4"));
  EXPECT_FALSE(job().started_at.has_value());
  EXPECT_FALSE(job().sandbox_name.has_value());
}

TEST_F(Projection, AWholeJobGoesThroughItsStages) {
  const auto script = testing::whole_job(kJob);
  std::vector<std::string> stages;
  std::vector<std::int64_t> progress;
  for (const auto& event : script.events()) {
    fold({event});
    if (stages.empty() || stages.back() != job().stage) stages.push_back(job().stage);
    progress.push_back(job().progress);
  }
  EXPECT_THAT(stages, ElementsAre("fetching", "planning", "generating", "executing", "scoring",
                                  "generating", "executing", "scoring", "done"));
  EXPECT_TRUE(std::ranges::is_sorted(progress)) << ::testing::PrintToString(progress);
  EXPECT_EQ(progress[1], 5);
  EXPECT_EQ(progress[2], 11);
  EXPECT_EQ(progress.back(), 100);
  EXPECT_THAT(anomalies(), IsEmpty());
}

TEST_F(Projection, AWholeJobEndsWithItsResult) {
  fold(testing::whole_job(kJob).events());
  EXPECT_EQ(job().status, "success");
  EXPECT_EQ(job().best_candidate_id, "c3");
  EXPECT_EQ(job().score.value, 0.83);
  EXPECT_EQ(job().score.direction, "maximize");
  EXPECT_EQ(job().score.kind, "reported");
  EXPECT_EQ(job().submission.key, "sha256/submission-c3");
  EXPECT_EQ(job().candidates, 3);
  EXPECT_EQ(job().candidates_done, 3);
  EXPECT_EQ(job().candidates_accepted, 1);
  EXPECT_EQ(job().runs, 2);
  EXPECT_EQ(job().runs_open, 0);
  EXPECT_EQ(job().drafts_open, 0);
  EXPECT_EQ(job().tokens, 207);
  EXPECT_EQ(job().cost_micro_usd, 40);
  EXPECT_EQ(job().warnings, R"(["The deadline \"has\" passed."])");
  EXPECT_EQ(job().reason_code, "BUDGET_SPENT");
  EXPECT_TRUE(job().started_at.has_value());
  EXPECT_TRUE(job().completed_at.has_value());
  EXPECT_THAT(rows_.ended, ElementsAre("success"));
}

TEST_F(Projection, AWholeJobLeavesItsCandidatesRunsAndArtifacts) {
  fold(testing::whole_job(kJob).events());
  EXPECT_EQ(candidate("c1").status, "done");
  EXPECT_EQ(candidate("c1").outcome, "crashed");
  EXPECT_EQ(candidate("c2").status, "failed");
  EXPECT_EQ(candidate("c2").reason_code, "DRAFT_FAILED");
  EXPECT_EQ(candidate("c3").parent_id, "c1");
  EXPECT_EQ(candidate("c3").kind, "debug");
  EXPECT_EQ(candidate("c3").number, 3);
  EXPECT_TRUE(candidate("c3").accepted);
  EXPECT_EQ(run("c3").status, "ended");
  EXPECT_EQ(run("c3").verdict_rows, 418);
  EXPECT_EQ(run("c3").verdict_columns, R"(["PassengerId"])");
  EXPECT_EQ(run("c3").wall_seconds_max, 600);
  EXPECT_EQ(run("c1").log_tail, "line\n\ttab \"quote\"");
  std::vector<std::string> names;
  for (const auto* row : rows_.artifacts.changed())
    names.push_back(row->candidate_id + "/" + row->name);
  EXPECT_THAT(names, ElementsAre("/data.tar", "/facts.json", "/report.md", "/submission.csv",
                                 "c1/plan.md", "c1/solution.py", "c1/log.txt", "c2/prompt.md",
                                 "c2/reply.md", "c3/plan.md", "c3/prompt.md", "c3/reply.md",
                                 "c3/solution.py", "c3/log.txt", "c3/submission.csv"));
}

TEST_F(Projection, ACandidateTellsWhichModelWroteItAndWhatThatTook) {
  fold(testing::whole_job(kJob).events());
  EXPECT_EQ(candidate("c3").use.model, "model-of-c3");
  EXPECT_EQ(candidate("c3").use.calls, 1);
  EXPECT_EQ(candidate("c3").use.input_tokens, 60);
  EXPECT_EQ(candidate("c3").use.cached_tokens, 20);
  EXPECT_EQ(candidate("c3").use.output_tokens, 40);
  EXPECT_FALSE(candidate("c3").use.cost_unknown);
  EXPECT_EQ(candidate("c3").second_parent_id, "c2");
  EXPECT_EQ(candidate("c2").use.model, "model-of-c2");
  EXPECT_EQ(candidate("c2").tokens, 7);
  EXPECT_FALSE(candidate("c1").use.model.has_value());
  EXPECT_FALSE(candidate("c1").second_parent_id.has_value());
}

TEST_F(Projection, CallsOfEveryAttemptAddUpAlsoThoseThatCameTooLate) {
  open_job();
  const auto use = [](auto& answer, const std::string& model, bool cost_unknown) {
    answer.mutable_model_use()->set_model(model);
    answer.mutable_model_use()->set_calls(2);
    answer.mutable_model_use()->set_input_tokens(10);
    answer.mutable_model_use()->set_cost_unknown(cost_unknown);
    answer.mutable_prompt()->set_key("sha256/prompt-of-" + model);
  };
  script_.draft_requested("c1");
  use(*script_.draft_failed("c1").mutable_draft_failed(), "first", true);
  script_.draft_requested("c1", 2);
  auto& second = *script_.drafted("c1").mutable_drafted();
  second.set_attempt(2);
  use(second, "second", false);
  use(*script_.draft_failed("c1", 1).mutable_draft_failed(), "late", false);
  fold();
  EXPECT_EQ(candidate("c1").status, "drafted");
  EXPECT_EQ(candidate("c1").use.calls, 6);
  EXPECT_EQ(candidate("c1").use.model, "second");
  EXPECT_EQ(candidate("c1").use.input_tokens, 30);
  EXPECT_TRUE(candidate("c1").use.cost_unknown);
  EXPECT_EQ(candidate("c1").tokens, 114);
  EXPECT_EQ(job().tokens, 114);
  const auto* const prompt = rows_.artifacts.find({kJob, "c1", "", "prompt.md"});
  ASSERT_NE(prompt, nullptr);
  EXPECT_EQ(prompt->key, "sha256/prompt-of-second");
}

TEST_F(Projection, ARepeatedMessageChangesNothing) {
  const auto script = testing::whole_job(kJob);
  fold(script.events());
  const JobRow before = job();
  std::int64_t sequence = 0;
  for (const auto& event : script.events()) project(testing::recorded(event, ++sequence), rows_);
  EXPECT_EQ(job().tokens, before.tokens);
  EXPECT_EQ(job().runs, before.runs);
  EXPECT_EQ(job().last, before.last);
  EXPECT_THAT(anomalies(), IsEmpty());
}

TEST_F(Projection, AnEndAbsorbsWhatComesLater) {
  open_job();
  open_candidate("c1");
  script_.ended(v1::JOB_STATUS_CANCELLED, "");
  fold();
  const std::int64_t progress = job().progress;
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.9);
  script_.progressed("running", 1, 2);
  script_.scrape_failed("LATE");
  fold();
  EXPECT_EQ(job().status, "cancelled");
  EXPECT_EQ(job().stage, "done");
  EXPECT_EQ(job().progress, progress);
  EXPECT_EQ(job().reason_code, "BUDGET_SPENT");
  EXPECT_FALSE(job().best_candidate_id.has_value());
  EXPECT_FALSE(job().phase.has_value());
  EXPECT_EQ(job().runs_open, 0);
  EXPECT_EQ(run("c1").outcome, "ok");
  EXPECT_EQ(candidate("c1").status, "done");
}

TEST_F(Projection, ASecondEndIsAnIllegalMove) {
  open_job();
  script_.ended(v1::JOB_STATUS_SUCCESS, "");
  script_.ended(v1::JOB_STATUS_FAILED, "");
  fold();
  EXPECT_EQ(job().status, "success");
  EXPECT_THAT(anomalies(), ElementsAre("illegal_move"));
  EXPECT_THAT(rows_.anomalies[0].detail, HasSubstr("ended as failed"));
  EXPECT_THAT(rows_.ended, ElementsAre("success"));
}

TEST_F(Projection, AnEndAsSomethingThatIsNoEndIsAnIllegalMove) {
  open_job();
  script_.ended(v1::JOB_STATUS_RUNNING, "");
  script_.ended(v1::JOB_STATUS_UNSPECIFIED, "");
  fold();
  EXPECT_EQ(job().status, "running");
  EXPECT_THAT(anomalies(), ElementsAre("illegal_move", "illegal_move"));
}

TEST_F(Projection, WhatWasNeverAskedForIsAnIllegalMove) {
  open_job();
  script_.drafted("c9");
  script_.started("c9");
  script_.executed("c9", v1::RUN_OUTCOME_OK, 0.5);
  script_.requested();
  fold();
  EXPECT_EQ(anomalies(), std::vector<std::string>(4, "illegal_move"));
  EXPECT_EQ(job().candidates, 0);
  EXPECT_EQ(job().runs, 0);
  EXPECT_EQ(rows_.candidates.find({kJob, "c9"}), nullptr);
}

TEST_F(Projection, AnEventOfAnUnknownJobIsKeptAsAnAnomaly) {
  script_.scraped();
  fold();
  EXPECT_EQ(rows_.jobs.find(kJob), nullptr);
  ASSERT_THAT(anomalies(), ElementsAre("unknown_job"));
  EXPECT_EQ(rows_.anomalies[0].job_id, kJob);
  EXPECT_EQ(rows_.anomalies[0].name, "scraped");
}

TEST_F(Projection, BytesThatAreNoEventAreKeptAsAnAnomaly) {
  project(record({testing::stream_created(), 1}, "podium.jobs.x.requested", "\xff\x01 nonsense",
                 testing::stream_created()),
          rows_);
  EXPECT_THAT(anomalies(), ElementsAre("undecodable"));
}

TEST_F(Projection, AnEventOnAnothersSubjectIsKeptAsAnAnomaly) {
  script_.requested();
  auto& forged = script_.ended(v1::JOB_STATUS_SUCCESS, "");
  fold({script_.events()[0]});
  project(
      record({testing::stream_created(), 2}, std::string{"podium.jobs."} + kJob + ".executed.r1",
             forged.SerializeAsString(), testing::stream_created()),
      rows_);
  EXPECT_EQ(job().status, "queued");
  EXPECT_THAT(anomalies(), ElementsAre("wrong_subject"));
}

TEST_F(Projection, TheBestCandidateFollowsTheMetric) {
  open_job();
  for (const char* id : {"c1", "c2", "c3"}) open_candidate(id);
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.5);
  script_.executed("c2", v1::RUN_OUTCOME_OK, 0.4);
  fold();
  EXPECT_EQ(job().best_candidate_id, "c1");
  script_.executed("c3", v1::RUN_OUTCOME_OK, 0.6);
  fold();
  EXPECT_EQ(job().best_candidate_id, "c3");
  EXPECT_EQ(job().candidates_accepted, 3);
}

TEST_F(Projection, ATrustedScoreBeatsABetterReportedOne) {
  open_job();
  for (const char* id : {"c1", "c2"}) open_candidate(id);
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.99);
  auto& trusted = script_.executed("c2", v1::RUN_OUTCOME_OK, 0.7);
  trusted.mutable_executed()->mutable_score()->set_kind(v1::SCORE_KIND_TRUSTED);
  fold();
  EXPECT_EQ(job().best_candidate_id, "c2");
  EXPECT_EQ(job().score.kind, "trusted");
}

TEST_F(Projection, ARefusedSubmissionIsNeverBest) {
  open_job();
  open_candidate("c1");
  auto& refused = script_.executed("c1", v1::RUN_OUTCOME_OK, 0.9);
  refused.mutable_executed()->mutable_verdict()->set_accepted(false);
  refused.mutable_executed()->mutable_verdict()->set_code("SUBMISSION_IDS");
  fold();
  EXPECT_FALSE(job().best_candidate_id.has_value());
  EXPECT_EQ(job().candidates_accepted, 0);
  EXPECT_EQ(candidate("c1").reason_code, "SUBMISSION_IDS");
}

TEST_F(Projection, ALostRunIsTriedAgainUnderTheSameCandidate) {
  open_job();
  open_candidate("c1");
  script_.executed("c1", v1::RUN_OUTCOME_LOST, 0);
  fold();
  EXPECT_EQ(job().candidates_done, 1);
  script_.started("c1", 2);
  fold();
  EXPECT_EQ(candidate("c1").status, "running");
  EXPECT_EQ(job().candidates_done, 0);
  EXPECT_EQ(job().runs_open, 1);
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.5, 2);
  fold();
  EXPECT_EQ(job().candidates_done, 1);
  EXPECT_EQ(job().runs, 2);
  EXPECT_EQ(run("c1", 1).outcome, "lost");
  EXPECT_EQ(run("c1", 2).outcome, "ok");
  EXPECT_THAT(anomalies(), IsEmpty());
}

TEST_F(Projection, AnAdoptedRunTellsItsPlaceAnewAndIsCountedOnce) {
  open_job();
  open_candidate("c1");
  script_.started("c1").mutable_started()->set_engine("engine-2");
  fold();
  EXPECT_EQ(job().runs, 1);
  EXPECT_EQ(job().runs_open, 1);
  EXPECT_EQ(run("c1").engine, "engine-2");
  EXPECT_EQ(job().sandbox_name, "podium-" + script_.run("c1"));
}

TEST_F(Projection, ARunMayEndWithoutHavingStarted) {
  open_job();
  script_.draft_requested("c1");
  script_.drafted("c1");
  script_.executed("c1", v1::RUN_OUTCOME_CANCELLED, 0);
  fold();
  EXPECT_EQ(run("c1").status, "ended");
  EXPECT_FALSE(run("c1").started_at.has_value());
  EXPECT_EQ(job().runs_open, 0);
  EXPECT_EQ(job().candidates_done, 1);
  EXPECT_THAT(anomalies(), IsEmpty());
}

TEST_F(Projection, ALaterAttemptAtADraftOpensItAgain) {
  open_job();
  script_.draft_requested("c1");
  script_.draft_failed("c1");
  script_.draft_requested("c1");
  fold();
  EXPECT_EQ(candidate("c1").status, "failed");
  script_.draft_requested("c1", 2);
  fold();
  EXPECT_EQ(candidate("c1").status, "drafting");
  EXPECT_EQ(candidate("c1").attempt, 2);
  EXPECT_FALSE(candidate("c1").reason_code.has_value());
  EXPECT_EQ(job().candidates, 1);
  EXPECT_EQ(job().drafts_open, 1);
  EXPECT_EQ(job().candidates_done, 0);
  script_.draft_failed("c1", 1);
  fold();
  EXPECT_EQ(candidate("c1").status, "drafting");
  EXPECT_EQ(job().tokens, 14);
}

TEST_F(Projection, WhatTheOptionsDoNotSayIsLearntFromTheBudget) {
  auto& options = *script_.requested().mutable_requested()->mutable_options();
  options.clear_time_seconds_max();
  options.clear_candidates_max();
  script_.scraped();
  auto& left = *script_.draft_requested("c1").mutable_draft_requested()->mutable_budget_left();
  left.set_seconds(50);
  left.set_candidates(7);
  fold();
  EXPECT_EQ(job().deadline, job().updated_at + std::chrono::seconds{50});
  EXPECT_EQ(job().candidates_max, 8);
}

TEST_F(Projection, ProgressFollowsTheClockOfTheEventsWhenCandidatesAreSlow) {
  open_job();
  open_candidate("c1");
  auto& late = script_.progressed("running", 0, 0);
  late.mutable_time()->set_seconds(testing::kScriptBegin + 1 + 50);
  fold();
  EXPECT_EQ(job().progress, 52);
  auto& very_late = script_.progressed("running", 0, 0);
  very_late.mutable_time()->set_seconds(testing::kScriptBegin + 1'000);
  fold();
  EXPECT_EQ(job().progress, 95);
}

TEST_F(Projection, APassingPhaseNamesItsStageUntilTheNextEvent) {
  open_job();
  open_candidate("c1");
  script_.progressed("validating", 0, 0);
  fold();
  EXPECT_EQ(job().stage, "validating");
  EXPECT_EQ(job().phase, "validating");
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.5);
  fold();
  EXPECT_EQ(job().stage, "scoring");
  EXPECT_FALSE(job().phase.has_value());
}

TEST_F(Projection, ARequestToCancelIsSeenWhileTheJobStillRuns) {
  open_job();
  script_.cancel_requested();
  fold();
  EXPECT_EQ(job().status, "running");
  const auto first = job().cancel_requested_at;
  EXPECT_TRUE(first.has_value());
  script_.cancel_requested();
  fold();
  EXPECT_EQ(job().cancel_requested_at, first);
}

TEST_F(Projection, ACancelBeforeAnyWorkIsNoSignOfWork) {
  script_.requested();
  script_.cancel_requested();
  fold();
  EXPECT_EQ(job().status, "queued");
  script_.ended(v1::JOB_STATUS_CANCELLED, "");
  fold();
  EXPECT_EQ(job().status, "cancelled");
  EXPECT_FALSE(job().started_at.has_value());
}

TEST_F(Projection, KagglesAnswerComesAlsoAfterTheEnd) {
  open_job();
  open_candidate("c1");
  script_.executed("c1", v1::RUN_OUTCOME_OK, 0.5);
  script_.ended(v1::JOB_STATUS_SUCCESS, "c1");
  auto& scored = *script_.next("leaderboard_scored").mutable_leaderboard_scored();
  scored.set_candidate_id("c1");
  scored.set_reference("42");
  scored.set_public_score(0.77);
  scored.set_rank(10);
  scored.set_teams(100);
  fold();
  EXPECT_EQ(job().leaderboard.score, 0.77);
  EXPECT_EQ(candidate("c1").leaderboard.rank, 10);
  EXPECT_EQ(job().status, "success");
}

TEST_F(Projection, WhatTheDatabaseCouldNotHoldIsMadeFit) {
  auto& requested = *script_.requested().mutable_requested();
  requested.mutable_competition()->set_kaggle_url(std::string{"a\0b", 3});
  requested.mutable_options()->set_model(std::string{"m\0", 2});
  script_.scraped().mutable_scraped()->add_warnings(std::string{"w\0", 2});
  open_candidate("c1");
  auto& executed = *script_.executed("c1", v1::RUN_OUTCOME_OK, 0).mutable_executed();
  executed.mutable_score()->set_value(std::numeric_limits<double>::infinity());
  executed.set_memory_peak_bytes(std::numeric_limits<std::uint64_t>::max());
  fold();
  EXPECT_EQ(job().kaggle_url,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_THAT(job().options, HasSubstr("m\xEF\xBF\xBD"));
  EXPECT_THAT(job().warnings, HasSubstr("w\xEF\xBF\xBD"));
  EXPECT_FALSE(run("c1").score.value.has_value());
  EXPECT_EQ(run("c1").memory_peak_bytes, std::numeric_limits<std::int64_t>::max());
}

TEST_F(Projection, TheKeysOfABatchAreTheRowsThatItTouches) {
  std::vector<Recorded> batch;
  const auto script = testing::whole_job(kJob);
  for (const auto& event : script.events()) {
    batch.push_back(testing::recorded(event, static_cast<std::int64_t>(batch.size()) + 1));
  }
  const auto keys = keys_of(batch);
  EXPECT_THAT(keys.jobs, ElementsAre(kJob));
  EXPECT_THAT(keys.candidates,
              ElementsAre(PartKey{kJob, "c1"}, PartKey{kJob, "c2"}, PartKey{kJob, "c3"}));
  EXPECT_EQ(keys.runs.size(), 2U);
}

}  // namespace
}  // namespace podium::tracker
