#include "cli/console.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

TEST(Color, FollowsTerminalFlagAndEnvironment) {
  EXPECT_TRUE(wants_color({}, true));
  EXPECT_FALSE(wants_color({}, false));
  EXPECT_TRUE(
      wants_color({.flag = "always", .no_color = "1", .force_color = {}, .term = {}}, false));
  EXPECT_FALSE(
      wants_color({.flag = "never", .no_color = {}, .force_color = "1", .term = {}}, true));
  EXPECT_FALSE(wants_color({.flag = "auto", .no_color = "1", .force_color = {}, .term = {}}, true));
  EXPECT_FALSE(wants_color({.flag = {}, .no_color = {}, .force_color = {}, .term = "dumb"}, true));
  EXPECT_TRUE(wants_color({.flag = {}, .no_color = {}, .force_color = "1", .term = {}}, false));
  EXPECT_FALSE(wants_color({.flag = {}, .no_color = {}, .force_color = "0", .term = {}}, false));
}

TEST(OneLine, LeavesNothingThatSteersATerminal) {
  EXPECT_EQ(one_line("a\x1b[31mb\x07"), "a[31mb");
  EXPECT_EQ(one_line("two\nlines"), "two lines");
}

TEST(CutTo, CountsCodePointsAndMarksTheCut) {
  EXPECT_EQ(cut_to("äöü", 3), "äöü");
  EXPECT_EQ(cut_to("äöüß", 3), "äö…");
  EXPECT_EQ(cut_to("abc", 0), "abc");
}

TEST(Console, FailureIsWhatWhyAndNextWithTheTrace) {
  std::ostringstream out;
  std::ostringstream talk;
  const Console console{.out = out, .talk = talk};
  console.complain({.exit = Exit::error,
                    .what = "the job is not known",
                    .why = "JOB_UNKNOWN (HTTP 404)",
                    .next = "./podium jobs",
                    .trace_id = "0af7"});
  EXPECT_EQ(talk.str(),
            "podium: the job is not known\n"
            "        JOB_UNKNOWN (HTTP 404)\n"
            "        ./podium jobs\n"
            "        trace 0af7\n");
  EXPECT_EQ(out.str(), "");
}

TEST(Console, QuietLeavesTalkOutButNotFailures) {
  std::ostringstream out;
  std::ostringstream talk;
  Console console{.out = out, .talk = talk};
  console.quiet = true;
  console.say("hello");
  EXPECT_EQ(talk.str(), "");
  console.complain({.exit = Exit::error, .what = "no", .why = {}, .next = {}, .trace_id = {}});
  EXPECT_EQ(talk.str(), "podium: no\n");
}

}  // namespace
}  // namespace podium::cli
