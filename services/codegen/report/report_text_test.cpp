#include "services/codegen/report/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "services/codegen/report/report_testing.hpp"

namespace podium::codegen {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StoryScript;
using testing::whole_story;

std::string report_of(StoryScript script, v1::JobStatus status, const std::string& winner = {},
                      const std::vector<std::string>& notes = {}) {
  const auto ended = script.ended(status, winner);
  return report_text(story_of(script.events(), ended), notes);
}

TEST(Report, IsTheGoldenPage) {
  const auto report = report_of(whole_story(), v1::JOB_STATUS_SUCCESS, "c3");
  const fs::path golden = fs::path{PODIUM_SOURCE_DIR} / "services/codegen/report/golden/report.md";
  if (std::getenv("PODIUM_UPDATE_GOLDEN") != nullptr) std::ofstream{golden} << report;
  std::stringstream expected;
  expected << std::ifstream{golden}.rdbuf();
  EXPECT_EQ(report, expected.str())
      << "If the change is meant, run this test with PODIUM_UPDATE_GOLDEN=1 and read the diff.";
}

TEST(Report, OfAFailedJobSaysWhyAndWhatToDo) {
  StoryScript script;
  script.asked("c1", v1::CANDIDATE_KIND_DRAFT);
  script.drafted("c1", "plan");
  script.executed("c1", v1::RUN_OUTCOME_CRASHED);
  auto ended = script.ended(v1::JOB_STATUS_FAILED);
  ended.mutable_ended()->set_next_step("Look at the log.");
  const auto report = report_text(story_of(script.events(), ended), {});
  EXPECT_THAT(report, HasSubstr("**failed** (`DRAFT_FAILED`)"));
  EXPECT_THAT(report, HasSubstr("Next step: Look at the log."));
  EXPECT_THAT(report, HasSubstr("There is no winner."));
  EXPECT_THAT(report, HasSubstr("ValueError: no such column"));
  EXPECT_THAT(report, Not(HasSubstr("docker run")));
}

TEST(Report, OfAJobWithoutCandidatesIsWholeToo) {
  v1::Event ended;
  ended.set_job_id(testing::kStoryJob);
  ended.mutable_ended()->set_status(v1::JOB_STATUS_FAILED);
  ended.mutable_ended()->set_reason_code("KAGGLE_AUTH");
  const auto report = report_text(story_of({}, ended), {});
  EXPECT_THAT(report, HasSubstr("No candidate was asked for."));
  EXPECT_THAT(report, HasSubstr("a competition that is not known"));
}

TEST(Report, TextOfOthersCannotActInIt) {
  StoryScript script;
  script.add("hinted").mutable_hinted()->set_text("# Heading\n\n[click](javascript:x) <script>");
  script.asked("c1", v1::CANDIDATE_KIND_DRAFT);
  script.drafted("c1", "a | b\n| c1 | faked |\n");
  script.executed("c1", v1::RUN_OUTCOME_CRASHED).set_log_tail("```\n# Faked\n\x1B[2J");
  const auto report = report_of(script, v1::JOB_STATUS_FAILED);
  EXPECT_THAT(report, Not(HasSubstr("<script>")));
  EXPECT_THAT(report, Not(HasSubstr("[click](")));
  EXPECT_THAT(report, Not(HasSubstr("\n| c1 |")));
  EXPECT_THAT(report, Not(HasSubstr("\x1B")));
  EXPECT_THAT(report, HasSubstr("````text\n```\n# Faked\n[2J\n````"));
}

TEST(Report, ASlugThatIsNoneDoesNotReachTheCommand) {
  auto script = whole_story();
  auto events = script.events();
  events[1].mutable_scraped()->set_slug("x\"; rm -rf ~ #");
  const auto report = report_text(story_of(events, script.ended(v1::JOB_STATUS_SUCCESS, "c3")), {});
  EXPECT_THAT(report, HasSubstr("/kaggle/input/data:ro"));
  EXPECT_THAT(report, Not(HasSubstr("rm -rf")));
}

TEST(Report, TellsNotesWarningsAndWhatIsLeftOut) {
  auto script = whole_story();
  auto story = story_of(script.events(), script.ended(v1::JOB_STATUS_SUCCESS, "c3"));
  story.cut_short = true;
  for (int i = 0; i < 60; ++i) story.scraped.add_warnings("w");
  const auto report = report_text(story, {"The winner's plan.md is gone."});
  EXPECT_THAT(report, HasSubstr("The winner's plan.md is gone."));
  EXPECT_THAT(report, HasSubstr("more events than this page tells"));
  EXPECT_THAT(report, HasSubstr("- 13 more.\n"));
}

TEST(Report, ALongSearchIsCut) {
  StoryScript script;
  for (int i = 0; i < 700; ++i) {
    script.asked("c" + std::to_string(i), v1::CANDIDATE_KIND_DRAFT);
  }
  EXPECT_THAT(report_of(script, v1::JOB_STATUS_CANCELLED), HasSubstr("200 more are not told here"));
}

}  // namespace
}  // namespace podium::codegen
