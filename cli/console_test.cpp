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

TEST(Readable, CannotSteerATerminalAndIsWholeElsewhere) {
  std::ostringstream out;
  Console console{.out = out, .talk = out};
  const std::string foreign =
      "a\x1b[31mb\n\tc\xC2\x9B"
      "2J\r\n\x7F\xE2\x80\xAE"
      "d";
  EXPECT_EQ(readable(console, foreign), foreign);
  console.out_is_terminal = true;
  EXPECT_EQ(readable(console, foreign), "a[31mb\n\tc2J\nd");
}

TEST(TerminalFilter, FindsControlsThatAreCutApart) {
  std::ostringstream out;
  Console console{.out = out, .talk = out, .out_is_terminal = true};
  TerminalFilter filter{console};
  EXPECT_EQ(filter("a\x1b[1m\x7F\n"), "a[1m\n");
  EXPECT_EQ(filter("b\xC2"), "b");
  EXPECT_EQ(filter("\x9B"
                   "2J"),
            "2J");
  EXPECT_EQ(filter("\xC2"), "");
  EXPECT_EQ(filter("\xB1 \xC3\xA4"), "\xC2\xB1 \xC3\xA4");
  console.out_is_terminal = false;
  TerminalFilter whole{console};
  EXPECT_EQ(whole("a\x1b\xC2"), "a\x1b\xC2");
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
                    .why = "JOB_UNKNOWN",
                    .next = "./podium jobs",
                    .trace_id = "0af7"});
  EXPECT_EQ(talk.str(),
            "podium: the job is not known\n"
            "        JOB_UNKNOWN\n"
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
