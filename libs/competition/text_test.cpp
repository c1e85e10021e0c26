#include "libs/competition/text.hpp"

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

TEST(Text, TrimTakesBlanksFromBothEnds) {
  EXPECT_EQ(trim("  a b\r\n"), "a b");
  EXPECT_EQ(trim(" \t\n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, WordsPartAtPunctuationAndHumps) {
  EXPECT_EQ(words_of("Log-Loss (mean)"), "log loss mean");
  EXPECT_EQ(words_of("QuadraticWeightedKappa"), "quadratic weighted kappa");
  EXPECT_EQ(words_of("MAP@{3}"), "map 3");
  EXPECT_EQ(words_of("!?"), "");
}

TEST(Text, Latin1BytesBecomeUtf8) {
  EXPECT_EQ(from_latin1_or_utf8("Z\xFCrich"), "Zürich");
  EXPECT_EQ(from_latin1_or_utf8("Zürich"), "Zürich");
}

TEST(Text, CutKeepsCodePointsWhole) {
  EXPECT_EQ(cut_utf8("aü", 2), "a");
  EXPECT_EQ(cut_utf8("aü", 3), "aü");
  EXPECT_EQ(cut_utf8("😀", 3), "");
}

TEST(Text, CodePointsAreCountedNotBytes) {
  EXPECT_EQ(code_points("aü😀"), 3U);
}

TEST(Text, CleanTextDropsControlAndDirectionMarks) {
  EXPECT_EQ(clean_text("a\x1B[31mb\x07", 100), "a[31mb");
  EXPECT_EQ(clean_text("x\xE2\x80\xAE"
                       "y\xE2\x81\xA6z\xE2\x80\x8B!",
                       100),
            "xyz!");
  EXPECT_EQ(clean_text("one\r\ntwo\rthree\tfour", 100), "one\ntwo\nthree\tfour");
  EXPECT_EQ(clean_text(std::string_view{"a\0b", 3}, 100), "ab");
}

TEST(Text, CleanTextIsBounded) {
  EXPECT_EQ(clean_text("ääää", 5), "ää");
  EXPECT_EQ(clean_text("abc", 0), "");
}

}  // namespace
}  // namespace podium::competition
