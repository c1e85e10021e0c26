#include "services/codegen/report/job_story.hpp"

#include <gtest/gtest.h>

#include "services/codegen/report/report_testing.hpp"
#include "services/codegen/report/tried_text.hpp"

namespace podium::codegen {
namespace {

using testing::StoryScript;
using testing::whole_story;

TEST(JobStory, TellsCandidatesInTheOrderInWhichTheyWereAskedFor) {
  auto script = whole_story();
  const auto story = story_of(script.events(), script.ended(v1::JOB_STATUS_SUCCESS, "c3"));
  ASSERT_EQ(story.candidates.size(), 4U);
  EXPECT_EQ(story.candidates[1].id, "c2");
  EXPECT_EQ(story.candidates[1].drafts.size(), 2U);
  EXPECT_TRUE(story.candidates[1].drafts[0].failed);
  EXPECT_EQ(story.candidates[1].drafts[1].tokens, 1500U);
  EXPECT_EQ(story.winner()->id, "c3");
  EXPECT_DOUBLE_EQ(story.seconds, 754);
  EXPECT_EQ(story.candidates[0].runs[0].limits.wall_seconds_max(), 600U);
}

TEST(JobStory, WhatIsRepeatedCountsOnce) {
  auto script = whole_story();
  auto events = script.events();
  events.insert(events.end(), script.events().begin(), script.events().end());
  const auto ended = script.ended(v1::JOB_STATUS_SUCCESS, "c3");
  const auto once = story_of(script.events(), ended);
  const auto twice = story_of(events, ended);
  ASSERT_EQ(twice.candidates.size(), once.candidates.size());
  for (std::size_t i = 0; i < once.candidates.size(); ++i) {
    EXPECT_EQ(twice.candidates[i].drafts.size(), once.candidates[i].drafts.size());
    EXPECT_EQ(twice.candidates[i].runs.size(), once.candidates[i].runs.size());
  }
}

TEST(JobStory, TheTellingRunIsTheAcceptedOne) {
  StoryScript script;
  script.asked("c1", v1::CANDIDATE_KIND_DRAFT);
  script.drafted("c1", "plan");
  script.executed("c1", v1::RUN_OUTCOME_LOST, std::nullopt, 1);
  script.executed("c1", v1::RUN_OUTCOME_OK, 0.8, 2);
  script.executed("c1", v1::RUN_OUTCOME_CANCELLED, std::nullopt, 3);
  const auto story = story_of(script.events(), script.ended(v1::JOB_STATUS_SUCCESS, "c1"));
  EXPECT_EQ(story.winner()->telling_run()->executed.attempt(), 2U);
}

TEST(JobStory, AJobWithoutAnythingHasNoWinner) {
  v1::Event ended;
  ended.mutable_ended()->set_status(v1::JOB_STATUS_CANCELLED);
  const auto story = story_of({}, ended);
  EXPECT_EQ(story.winner(), nullptr);
  EXPECT_EQ(story.seconds, 0);
}

TEST(JobStory, TheTreeGoesFromParentsToTheirChildren) {
  auto script = whole_story();
  script.asked("c5", v1::CANDIDATE_KIND_IMPROVE, "gone");
  const auto story = story_of(script.events(), script.ended(v1::JOB_STATUS_SUCCESS, "c3"));
  std::string order;
  for (const auto& place : in_tree_order(story)) {
    order += place.candidate->id + std::to_string(place.depth) + " ";
  }
  EXPECT_EQ(order, "c10 c31 c20 c41 c50 ");
}

}  // namespace
}  // namespace podium::codegen
