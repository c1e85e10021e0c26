#include "cli/job_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kSuccess = R"({
  "job_id":"j1","status":"success","competition_name":"titanic","competition_title":"Titanic",
  "path":"j1/submission.csv","created_at":"2026-11-22T08:00:00.000Z",
  "completed_at":"2026-11-22T08:00:41.200Z","best_candidate_id":"c3",
  "score":{"metric":"accuracy","value":0.8215,"spread":0.012,"kind":"reported"},
  "links":{"trace":"http://127.0.0.1:16686/trace/0af7"},"warnings":["mind"],
  "metadata":{"progress":"ended with a submission"},
  "counts":{"candidates":6,"candidates_done":6}})";

std::string described(const std::string& body) {
  std::ostringstream out;
  std::ostringstream talk;
  const Console console{.out = out, .talk = talk};
  return describe(parse_job_status(body).value(), console);
}

TEST(JobStatus, IsReadFromTheGatewaysJson) {
  const auto job = parse_job_status(kSuccess);
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->score, "accuracy 0.8215 ± 0.012 (reported)");
  EXPECT_TRUE(job->has_submission);
  EXPECT_TRUE(job->ended());
  EXPECT_THAT(job->warnings, ElementsAre("mind"));
}

TEST(JobStatus, OtherAnswersAreAFailureNotACrash) {
  for (const auto* body : {"", "[]", "{}", "{\"job_id\":7}", "<html>"}) {
    EXPECT_FALSE(parse_job_status(body).has_value()) << body;
  }
  EXPECT_FALSE(parse_job_list("{\"jobs\":{}}").has_value());
}

TEST(JobStatus, DescriptionNamesScoreTimeAndTheNextCommand) {
  const auto text = described(kSuccess);
  EXPECT_THAT(text, HasSubstr("accuracy 0.8215 ± 0.012 (reported), candidate c3"));
  EXPECT_THAT(text, HasSubstr("41.2 s"));
  EXPECT_THAT(text, HasSubstr("./podium result j1 -o submission.csv"));
  EXPECT_THAT(text, HasSubstr("http://127.0.0.1:16686/trace/0af7"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[")));
}

TEST(JobStatus, FailureShowsReasonAndNextStep) {
  const auto text = described(
      R"({"job_id":"j1","status":"failed","reason_code":"KAGGLE_AUTH","message":"No token.",
          "next_step":"Create one."})");
  EXPECT_THAT(text, HasSubstr("KAGGLE_AUTH"));
  EXPECT_THAT(text, HasSubstr("Create one."));
}

TEST(JobStatus, KagglesScoreStandsBesideTheLocalOne) {
  auto body = std::string{kSuccess};
  body.insert(1, R"("leaderboard":{"status":"scored","reference":"42","public_score":0.77511,
                    "rank":3,"teams":9},)");
  const auto text = described(body);
  EXPECT_THAT(text, HasSubstr("0.77511, rank 3 of 9 (submission 42)"));
  EXPECT_THAT(text, HasSubstr("accuracy 0.8215"));
  EXPECT_TRUE(parse_job_status(body)->is_scored);
}

TEST(JobStatus, WhatDidNotComeToKaggleSaysWhyAndWhatToDo) {
  auto body = std::string{kSuccess};
  body.insert(1, R"("leaderboard":{"status":"failed","reason_code":"KAGGLE_RULES",
                    "message":"Open the page","next_step":"Accept them."},)");
  EXPECT_THAT(described(body), HasSubstr("KAGGLE_RULES: Open the page"));
  EXPECT_THAT(described(body), HasSubstr("Accept them."));
}

TEST(JobStatus, EndsHaveTheirExitCodes) {
  const auto exit = [](const std::string& status) {
    JobStatus job;
    job.status = status;
    return exit_of(job);
  };
  EXPECT_EQ(exit("success"), Exit::ok);
  EXPECT_EQ(exit("failed"), Exit::job_failed);
  EXPECT_EQ(exit("timeout"), Exit::job_failed);
  EXPECT_EQ(exit("cancelled"), Exit::job_cancelled);
}

TEST(JobList, TableHasALineAJob) {
  std::ostringstream out;
  std::ostringstream talk;
  const Console console{.out = out, .talk = talk};
  const auto list = parse_job_list(std::string{R"({"total":1,"jobs":[)"} + kSuccess + "]}");
  ASSERT_TRUE(list.has_value());
  const auto text = describe(*list, console);
  EXPECT_THAT(text, HasSubstr("JOB"));
  EXPECT_THAT(text, HasSubstr("titanic"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
}

TEST(JobList, EmptyListSaysHowToStartOne) {
  std::ostringstream out;
  std::ostringstream talk;
  const Console console{.out = out, .talk = talk};
  EXPECT_THAT(describe(JobList{}, console), HasSubstr("./podium run titanic --watch"));
}

TEST(Times, AreReadAndTold) {
  EXPECT_EQ(parse_time("1970-01-02T00:00:01.500Z"), 86'401.5);
  EXPECT_EQ(parse_time("yesterday"), std::nullopt);
  EXPECT_EQ(parse_time("2026-13-40T00:00:00Z"), std::nullopt);
  EXPECT_EQ(age_text("1970-01-01T00:00:00Z", 59), "59 s ago");
  EXPECT_EQ(age_text("1970-01-01T00:00:00Z", 3'700), "1 h ago");
  EXPECT_EQ(age_text("", 3'700), "");
}

}  // namespace
}  // namespace podium::cli
