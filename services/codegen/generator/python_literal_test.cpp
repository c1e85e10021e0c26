#include "services/codegen/generator/python_literal.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace podium::codegen {
namespace {

TEST(PythonText, PlainTextIsQuoted) {
  EXPECT_EQ(python_text("Age"), "\"Age\"");
}

TEST(PythonText, QuotesBackslashesAndLineEndsAreEscaped) {
  EXPECT_EQ(python_text("a\"b\\c\nd\re\tf"), R"("a\"b\\c\nd\re\tf")");
}

TEST(PythonText, WhatIsNotPrintableAsciiIsEscaped) {
  EXPECT_EQ(python_text("caf\xC3\xA9"), R"("caf\xe9")");
  EXPECT_EQ(python_text("\xE2\x80\xAE"), R"("\u202e")");
  EXPECT_EQ(python_text("\xF0\x9F\x98\x80"), R"("\U0001f600")");
  EXPECT_EQ(python_text(std::string_view{"\0\x7f", 2}), R"("\x00\x7f")");
}

TEST(PythonText, BrokenUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(python_text("a\xFFz"), R"("a\ufffdz")");
  EXPECT_EQ(python_text("\xC3"), R"("\ufffd")");
  EXPECT_EQ(python_text("\xC0\xAF"), R"("\ufffd\ufffd")");
  EXPECT_EQ(python_text("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")");
}

TEST(PythonList, ShortOnesStayOnOneLine) {
  EXPECT_EQ(python_list({"a", "b"}), R"(["a", "b"])");
  EXPECT_EQ(python_list({}), "[]");
}

TEST(PythonList, LongOnesAreWrapped) {
  const std::string list = python_list(std::vector<std::string>(60, "a column"));
  std::istringstream lines{list};
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 100U);
  EXPECT_GT(count, 5U);
}

TEST(PythonSequence, ATupleOfOneKeepsItsComma) {
  EXPECT_EQ(python_sequence({"1"}, '(', ')'), "(1,)");
}

TEST(PythonDict, KeysAreEscapedToo) {
  EXPECT_EQ(python_dict({{"a\"", "1"}}), R"({"a\"": 1})");
}

}  // namespace
}  // namespace podium::codegen
