#include "cli/text_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

using ::testing::HasSubstr;

TEST(TextDiff, IsUnifiedUnderTheGivenNames) {
  const auto diff = unified_diff({.name = "c1/solution.py", .text = "a\nb\nc\n"},
                                 {.name = "c2/solution.py", .text = "a\nB\nc\n"});
  ASSERT_TRUE(diff.has_value()) << diff.error().why;
  EXPECT_EQ(*diff, "--- c1/solution.py\n+++ c2/solution.py\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
}

TEST(TextDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(unified_diff({.name = "a", .text = "same\n"}, {.name = "b", .text = "same\n"}).value(),
            "");
}

TEST(TextDiff, NamesAndTextsOfOthersAreNoOptions) {
  const auto diff = unified_diff({.name = "--help", .text = std::string{"\0\n", 2}},
                                 {.name = "-", .text = "--version"});
  ASSERT_TRUE(diff.has_value()) << diff.error().why;
  EXPECT_THAT(*diff, HasSubstr("--- --help\n+++ -\n"));
  EXPECT_THAT(*diff, HasSubstr("+--version"));
}

TEST(TextDiff, HasColourOnlyWhereTheConsoleHas) {
  std::ostringstream out;
  Console console{.out = out, .talk = out};
  const std::string diff = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z";
  EXPECT_EQ(colored_diff(diff, console), diff + "\n");
  console.out_has_color = true;
  const auto colored = colored_diff(diff, console);
  EXPECT_THAT(colored, HasSubstr("\x1b[31m-x\x1b[0m\n"));
  EXPECT_THAT(colored, HasSubstr("\x1b[32m+y\x1b[0m\n"));
  EXPECT_EQ(colored_diff("", console), "");
}

}  // namespace
}  // namespace podium::cli
