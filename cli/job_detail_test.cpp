#include "cli/job_detail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::cli {
namespace {

using ::testing::ElementsAre;

constexpr auto kJob = R"({
  "job_id":"j1","status":"running","created_at":"2026-11-22T08:00:00.000Z",
  "candidates":[
    {"candidate_id":"c1","kind":"draft","generator":"builtin","status":"done","outcome":"ok",
     "accepted":true,"best":true,"plan":"trees","seconds":9.8,"tokens":0,"cost_usd":0,
     "score":{"metric":"accuracy","value":0.82,"spread":0.012,"kind":"trusted",
              "direction":"maximize"},"artifacts":["plan.md","solution.py"]},
    {"candidate_id":"c2","kind":"improve","parent_id":"c1","generator":"model","model":"gpt-5",
     "status":"failed","outcome":null,"reason_code":"DRAFT_FAILED","score":null,"seconds":null,
     "tokens":1500,"cost_usd":null}],
  "artifacts":[{"name":"report.md","candidate_id":null,"run_id":null,"bytes":12,
                "link":"/jobs/j1/artifacts/report.md"}]})";

TEST(JobDetail, HasCandidatesAndFiles) {
  const auto detail = parse_job_detail(kJob).value();
  EXPECT_EQ(detail.job.job_id, "j1");
  ASSERT_EQ(detail.candidates.size(), 2U);
  EXPECT_EQ(score_of(detail.candidates[0]), "accuracy 0.8200 ± 0.012 (trusted)");
  EXPECT_EQ(outcome_of(detail.candidates[0]), "ok");
  EXPECT_EQ(seconds_of(detail.candidates[0]), "9.8 s");
  EXPECT_EQ(tokens_of(detail.candidates[0]), "");
  EXPECT_EQ(cost_of(detail.candidates[0]), "");
  EXPECT_THAT(detail.candidates[0].files, ElementsAre("plan.md", "solution.py"));
  ASSERT_EQ(detail.files.size(), 1U);
  EXPECT_EQ(detail.files[0].link, "/jobs/j1/artifacts/report.md");
}

TEST(JobDetail, WhatIsNotKnownIsNotMadeUp) {
  const auto second = parse_job_detail(kJob).value().candidates[1];
  EXPECT_EQ(score_of(second), "");
  EXPECT_EQ(outcome_of(second), "failed DRAFT_FAILED");
  EXPECT_EQ(seconds_of(second), "");
  EXPECT_EQ(tokens_of(second), "1500");
  EXPECT_EQ(cost_of(second), "?");
}

TEST(JobDetail, PricesAreToldToAHundredthOfACent) {
  Candidate candidate;
  candidate.tokens = 10;
  candidate.cost_usd = 0.01234;
  EXPECT_EQ(cost_of(candidate), "$0.0123");
}

TEST(JobDetail, OutcomesReadAsPeopleWriteThem) {
  Candidate candidate;
  candidate.status = "done";
  candidate.outcome = "out_of_memory";
  EXPECT_EQ(outcome_of(candidate), "out of memory");
  candidate.status = "running";
  EXPECT_EQ(outcome_of(candidate), "running") << "the outcome is that of an earlier run";
}

TEST(JobDetail, OtherAnswersAreAFailureNotACrash) {
  for (const auto* body : {"", "[]", "{}", R"({"job_id":"j1","status":"running"})"}) {
    EXPECT_FALSE(parse_job_detail(body).has_value()) << body;
  }
  const auto odd = parse_job_detail(
      R"({"job_id":"j1","status":"running","candidates":[7,{"candidate_id":3}],"artifacts":{}})");
  ASSERT_TRUE(odd.has_value());
  EXPECT_EQ(odd->candidates.size(), 2U);
}

TEST(JobDetail, CandidatesAreFoundByIdAndAsBest) {
  const auto detail = parse_job_detail(kJob).value();
  EXPECT_EQ(find_candidate(detail, "c2")->id, "c2");
  EXPECT_EQ(find_candidate(detail, "best")->id, "c1");
  EXPECT_EQ(find_candidate(detail, "c9").error().exit, Exit::not_found);
  EXPECT_EQ(find_candidate(JobDetail{}, "best").error().exit, Exit::not_found);
}

}  // namespace
}  // namespace podium::cli
