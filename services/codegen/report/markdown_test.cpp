#include "services/codegen/report/markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::codegen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markdown, ALineOfOthersIsShownAndDoesNotAct) {
  EXPECT_EQ(markdown_line("a | b *c* `d` [e](f) <g> \\h", 100),
            "a \\| b \\*c\\* \\`d\\` \\[e\\](f) \\<g\\> \\\\h");
  EXPECT_EQ(markdown_line("see https://evil.example or www.evil.example", 100),
            "see https\\://evil.example or www\\.evil.example");
  EXPECT_EQ(markdown_line(" two\nlines\t ", 100), "two lines");
  EXPECT_EQ(markdown_line("", 100), "");
}

TEST(Markdown, HiddenCharactersAndBytesThatAreNoTextGo) {
  EXPECT_EQ(shown_text("a\xE2\x80\xAE"
                       "b\x1B[31m\x07\r\nc\xFF",
                       100),
            "ab[31m\nc\xEF\xBF\xBD");
}

TEST(Markdown, ALineIsCutBetweenCharacters) {
  EXPECT_EQ(markdown_line("ääää", 5), "ää");
}

TEST(Markdown, ANameOfOursStandsInBackquotes) {
  EXPECT_EQ(markdown_name("c1/solution.py"), "`c1/solution.py`");
  EXPECT_EQ(markdown_name("a`b"), "a\\`b");
}

TEST(Markdown, TextCannotEndItsFence) {
  const auto block = fenced("x\n```\n# Heading\n`````\ny", "text");
  EXPECT_TRUE(block.starts_with("``````text\n"));
  EXPECT_TRUE(block.ends_with("\ny\n``````\n"));
  EXPECT_EQ(fenced("x\n", "sh"), "```sh\nx\n```\n");
  EXPECT_EQ(fenced("", "sh"), "```sh\n```\n");
}

}  // namespace
}  // namespace podium::codegen
