#include "services/gateway/job_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "services/gateway/testing/openapi_text.hpp"

namespace podium::gateway {
namespace {

using nlohmann::json;

constexpr auto kTrace = "0af7651916cd43dd8448eb211c80319c";

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

JobFacts running() {
  JobFacts job;
  job.job_id = "j1";
  job.status = "running";
  job.stage = "executing";
  job.trace_id = kTrace;
  job.candidates = 2;
  job.candidates_done = 1;
  job.candidates_max = 6;
  return job;
}

ArtifactFacts file_of(const std::string& candidate, const std::string& run,
                      const std::string& name) {
  ArtifactFacts file;
  file.candidate_id = candidate;
  file.run_id = run;
  file.name = name;
  return file;
}

TEST(StatusJson, HasTheKeysThatTheDescriptionNames) {
  EXPECT_EQ(keys_of(json::parse(status_json(running(), {}))), openapi_properties("Status"));
}

TEST(StatusJson, HasTheKeysOfTheAncestors) {
  const auto keys = keys_of(json::parse(status_json(running(), {})));
  for (const auto* key : {"job_id",   "kaggle_url",  "competition_name", "competition_source",
                          "status",   "stage",       "source",           "path",
                          "message",  "created_at",  "started_at",       "completed_at",
                          "progress", "metadata",    "k8s_job_name",     "pod_name",
                          "score",    "reason_code", "next_step",        "links",
                          "trace_id"}) {
    EXPECT_TRUE(keys.contains(key)) << key;
  }
}

TEST(StatusJson, WhatIsNotKnownIsNull) {
  const auto status = json::parse(status_json(running(), {}));
  for (const auto* key : {"source", "path", "score", "k8s_job_name", "pod_name", "completed_at"}) {
    EXPECT_TRUE(status.at(key).is_null()) << key;
  }
  EXPECT_FALSE(status.at("message").get<std::string>().empty());
}

TEST(StatusJson, SuccessFillsSourceAndPath) {
  auto job = running();
  job.status = "success";
  job.submission_key = "j1/submission.csv";
  job.score = ScoreFacts{.metric = "accuracy",
                         .value = 0.82,
                         .direction = "maximize",
                         .spread = 0.01,
                         .folds = 5,
                         .kind = "reported"};
  const auto status = json::parse(status_json(job, {}));
  EXPECT_EQ(status.at("source"), "local");
  EXPECT_EQ(status.at("path"), "j1/submission.csv");
  EXPECT_EQ(json::parse(status_json(job, {.artifacts_place = "s3"})).at("source"), "s3");
  EXPECT_EQ(keys_of(status.at("score")), openapi_properties("Score"));
}

TEST(StatusJson, KagglesScoreStandsBesideTheLocalOne) {
  auto job = running();
  job.status = "success";
  job.score.emplace().value = 0.82;
  EXPECT_TRUE(json::parse(status_json(job, {})).at("leaderboard").is_null());
  auto& kaggle = job.leaderboard.emplace();
  kaggle.status = "scored";
  kaggle.reference = "42";
  kaggle.public_score = 0.77;
  kaggle.rank = 3;
  const auto status = json::parse(status_json(job, {}));
  EXPECT_EQ(keys_of(status.at("leaderboard")), openapi_properties("Leaderboard"));
  EXPECT_EQ(status.at("leaderboard").at("public_score"), 0.77);
  EXPECT_TRUE(status.at("leaderboard").at("teams").is_null());
  EXPECT_EQ(status.at("score").at("value"), 0.82);
}

TEST(StatusJson, TraceLinksToJaegerWhereItIs) {
  EXPECT_TRUE(json::parse(status_json(running(), {})).at("links").at("trace").is_null());
  const auto linked = json::parse(status_json(running(), {.traces_url = "http://127.0.0.1:16686"}));
  EXPECT_EQ(linked.at("links").at("trace"), std::string{"http://127.0.0.1:16686/trace/"} + kTrace);
  EXPECT_EQ(keys_of(linked.at("links")), openapi_properties("Links"));
}

TEST(StatusJson, PreviewIsTheEndOfTheLog) {
  auto job = running();
  for (int line = 1; line <= 30; ++line) job.log_tail += "line " + std::to_string(line) + "\n";
  const auto preview =
      json::parse(status_json(job, {})).at("metadata").at("logs_preview").get<std::string>();
  EXPECT_TRUE(preview.ends_with("line 30\n"));
  EXPECT_FALSE(preview.contains("line 20\n"));
}

TEST(StatusJson, BytesThatAreNoTextDoNotBreakTheAnswer) {
  auto job = running();
  job.message = "caf\xe9";
  EXPECT_TRUE(json::accept(status_json(job, {})));
}

TEST(RunAnswer, HasTheKeysThatTheDescriptionNames) {
  v1::Event event;
  event.set_job_id("j1");
  event.mutable_requested()->mutable_competition()->set_kaggle_url("titanic");
  const auto answer = json::parse(run_answer_json(event, {}));
  EXPECT_EQ(keys_of(answer), openapi_properties("RunAnswer"));
  EXPECT_EQ(answer.at("status"), "queued");
  EXPECT_TRUE(answer.at("k8s_job_name").is_null());
}

TEST(RetryAnswer, IsARunAnswerWithTheJobThatIsTriedAgain) {
  v1::Event event;
  event.set_job_id("j2");
  event.mutable_requested()->set_retried_from("j1");
  const auto answer = json::parse(retry_answer_json(event, {}));
  auto keys = openapi_properties("RunAnswer");
  keys.insert("retried_from");
  EXPECT_EQ(keys_of(answer), keys);
  EXPECT_EQ(answer.at("job_id"), "j2");
  EXPECT_EQ(answer.at("retried_from"), "j1");
}

TEST(JobJson, ListsHaveTheKeysThatTheDescriptionNames) {
  CandidateFacts candidate;
  candidate.candidate_id = "c1";
  RunFacts run;
  run.run_id = "j1-c1-1";
  ArtifactFacts artifact;
  artifact.run_id = "j1-c1-1";
  artifact.candidate_id = "c1";
  artifact.name = "log.txt";
  const auto job = json::parse(job_json(running(), {candidate}, {run}, {artifact}, {}));
  EXPECT_EQ(keys_of(job.at("candidates").at(0)), openapi_properties("Candidate"));
  EXPECT_EQ(keys_of(job.at("runs").at(0)), openapi_properties("Run"));
  EXPECT_EQ(keys_of(job.at("artifacts").at(0)), openapi_properties("Artifact"));
  EXPECT_EQ(job.at("artifacts").at(0).at("link"), "/jobs/j1/artifacts/j1-c1-1/log.txt");
}

TEST(JobJson, CandidateTellsWhatItTookAndWhichFilesItHas) {
  CandidateFacts candidate;
  candidate.candidate_id = "c2";
  candidate.second_parent_id = "c1";
  candidate.model = "gpt-4o";
  candidate.tokens = 1'500;
  candidate.cost_micro_usd = 2'500;
  candidate.wall_seconds = 9.5;
  const std::vector<ArtifactFacts> artifacts{
      file_of("c2", "", "plan.md"), file_of("c2", "r1", "log.txt"), file_of("c2", "r2", "log.txt"),
      file_of("c1", "", "reply.md")};
  const auto job = json::parse(job_json(running(), {candidate}, {}, artifacts, {}));
  const auto& told = job.at("candidates").at(0);
  EXPECT_EQ(told.at("second_parent_id"), "c1");
  EXPECT_EQ(told.at("model"), "gpt-4o");
  EXPECT_EQ(told.at("tokens"), 1'500);
  EXPECT_EQ(told.at("cost_usd"), 0.0025);
  EXPECT_EQ(told.at("seconds"), 9.5);
  EXPECT_EQ(told.at("artifacts"), json::array({"log.txt", "plan.md"}));
}

TEST(JobJson, UnknownPricesAndTimesAreNull) {
  CandidateFacts candidate;
  candidate.candidate_id = "c1";
  const auto job = json::parse(job_json(running(), {candidate}, {}, {}, {}));
  const auto& told = job.at("candidates").at(0);
  for (const auto* key : {"cost_usd", "seconds", "model", "second_parent_id"}) {
    EXPECT_TRUE(told.at(key).is_null()) << key;
  }
  EXPECT_EQ(told.at("artifacts"), json::array());
}

TEST(JobJson, SpreadWithoutFoldsIsToldToo) {
  auto job = running();
  job.score = ScoreFacts{.metric = "auc",
                         .value = 0.9,
                         .direction = "maximize",
                         .spread = 0.02,
                         .folds = 0,
                         .kind = "trusted"};
  EXPECT_EQ(json::parse(status_json(job, {})).at("score").at("spread"), 0.02);
}

TEST(JobsJson, PageHasTotalAndCursor) {
  const auto page =
      json::parse(jobs_json({.total = 7, .jobs = {running()}, .next_cursor = "12.j1"}, {}));
  EXPECT_EQ(keys_of(page), openapi_properties("JobList"));
  EXPECT_EQ(page.at("total"), 7);
  EXPECT_EQ(page.at("jobs").size(), 1U);
  EXPECT_EQ(page.at("next_cursor"), "12.j1");
}

TEST(ProgressSentence, SaysStageAndCandidates) {
  auto job = running();
  EXPECT_EQ(progress_sentence(job), "executing, 1 of 6 candidates done");
  job.candidates = 0;
  job.stage = "fetching";
  job.activity = "unpacking: 3 of 12 files";
  EXPECT_EQ(progress_sentence(job), "fetching (unpacking: 3 of 12 files)");
}

}  // namespace
}  // namespace podium::gateway
