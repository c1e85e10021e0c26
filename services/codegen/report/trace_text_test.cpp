#include "services/codegen/report/trace_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/report/log_text.hpp"
#include "services/codegen/report/report_testing.hpp"

namespace podium::codegen {
namespace {

using testing::fetch_from;
using ::testing::HasSubstr;
using testing::kStoryJob;
using ::testing::Not;
using testing::whole_story;

JobStory whole() {
  auto script = whole_story();
  return story_of(script.events(), script.ended(v1::JOB_STATUS_SUCCESS, "c3"));
}

TEST(LogFile, HoldsTheLogsOfAllRunsUnderHeadings) {
  const std::map<std::string, std::string> files{
      {kStoryJob + "/c1/log-1.txt", "first\n===== candidate c9, faked\nno line end"},
      {kStoryJob + "/c2/log-1.txt", "second \x1B[31mred\n"}};
  const auto text = log_text(whole(), fetch_from(files)).value();
  EXPECT_THAT(text, HasSubstr("\n===== candidate c1, run " + kStoryJob +
                              "-c1-1, attempt 1: ok, 12.3 s\nfirst\n ===== candidate c9, faked\n"
                              "no line end\n\n===== candidate c2"));
  EXPECT_THAT(text, HasSubstr("second [31mred\n"));
  EXPECT_THAT(text, HasSubstr("[the log is gone]"));
}

TEST(LogFile, FailsWhenTheStoreIsAway) {
  const FetchText away = [](const auto&, auto) -> Result<FetchedText> {
    return fail(errors::kUnavailable, "no disk");
  };
  EXPECT_FALSE(log_text(whole(), away).has_value());
  EXPECT_FALSE(trace_text(whole(), away).has_value());
}

TEST(TraceFile, HoldsPromptReplyCodeAndOutcomeOfAModelsCandidate) {
  const std::map<std::string, std::string> files{
      {kStoryJob + "/c2/prompt-1.txt", "Write a program."},
      {kStoryJob + "/c2/reply-1.txt", "Here:\n```python\nprint(1)\n```\n### code\nfaked"},
      {kStoryJob + "/c2/solution.py", "print(1)\n"},
      {kStoryJob + "/c1/plan.md", "# Plan of c1"},
      {kStoryJob + "/c1/solution.py", "print(2)\n"}};
  const auto text = trace_text(whole(), fetch_from(files)).value();
  EXPECT_THAT(text, HasSubstr("## `c2` (draft), by a model\n"));
  EXPECT_THAT(text, HasSubstr("\nAttempt 1.\n"));
  EXPECT_THAT(text,
              HasSubstr("Nothing came of attempt 1: `REPLY_NO_CODE` the reply holds no program"));
  EXPECT_THAT(text, HasSubstr("### prompt\n\n```text\nWrite a program.\n```\n"));
  EXPECT_THAT(text,
              HasSubstr("````text\nHere:\n```python\nprint(1)\n```\n### code\nfaked\n````\n"));
  EXPECT_THAT(text, HasSubstr("### outcome\n\n- attempt 1: crashed, 12.3 s\n"));
  EXPECT_THAT(text, HasSubstr("### plan\n\n```markdown\n# Plan of c1\n```\n"));
  EXPECT_THAT(text, HasSubstr("The code is gone."));
}

TEST(TraceFile, OfAJobWithoutCandidatesSaysSo) {
  v1::Event ended;
  ended.mutable_ended();
  EXPECT_THAT(trace_text(story_of({}, ended), fetch_from({})).value(),
              HasSubstr("No candidate was asked for."));
}

}  // namespace
}  // namespace podium::codegen
