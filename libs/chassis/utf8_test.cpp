#include "libs/chassis/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace podium {
namespace {

TEST(Utf8, LeavesWellFormedTextAlone) {
  for (const auto* text : {"", "plain", "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8F\x86",
                           "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_EQ(with_replacements(text), text);
  }
}

TEST(Utf8, ReplacesEveryByteThatIsNotPartOfACharacter) {
  EXPECT_EQ(with_replacements("a\xFF"
                              "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(with_replacements("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(with_replacements("\xC3"
                              "a"),
            "\xEF\xBF\xBD"
            "a");
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooLarge) {
  for (const auto* text : {"\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "a\xC3", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text));
    EXPECT_TRUE(is_utf8(with_replacements(text)));
  }
}

}  // namespace
}  // namespace podium
