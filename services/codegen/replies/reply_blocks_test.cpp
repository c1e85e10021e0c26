#include "services/codegen/replies/reply_blocks.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/hidden_characters.hpp"
#include "services/codegen/replies/json_strings.hpp"
#include "services/codegen/replies/plan_text.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

// "tag:text" of each block, "!" behind those that are not closed.
std::string blocks_in(std::string_view reply) {
  WorkMeter work;
  std::string out;
  for (const ReplyBlock& block : find_blocks(reply, work)) {
    out += block.tag + ":" + std::string{block.text} + (block.closed ? "" : "!") + "|";
  }
  return out;
}

struct BlocksRow {
  std::string_view reply;
  std::string_view blocks;
};

TEST(ReplyBlocks, AreFoundAsModelsWriteThem) {
  const std::vector<BlocksRow> table{
      {"no block", ""},
      {"```python\na\n```\n", "python:a\n|"},
      {"~~~\na\n~~~", ":a\n|"},
      {"```Python title=\"x.py\"\na\n```", "python:a\n|"},
      {"``` {.python}\na\n```", "python:a\n|"},
      {"```python:solution.py\na\n```", "python:a\n|"},
      {"````\n```\na\n```\n````", ":```\na\n```\n|"},
      {"~~~\n```\n~~~", ":```\n|"},
      {"  ```python\n  a\n  ```", "python:  a\n|"},
      {"```a\n1\n```\n```b\n2\n```", "a:1\n|b:2\n|"},
      {"```python\na\n", "python:a\n!|"},
      {"```", ":!|"},
      {"```python x``` is inline\n", ""},
      {"Here it is: ```python\na\n```\n", "python:a\n|"},
      {"```markdown\nplan\n```python\na\n```\n```\nend", "python:a\n|"},
      {"```python\na\n```python\nb\n```", "python:a\n!|python:b\n|"},
      {"```python\nx = \"\"\"\n```\n\"\"\"\n```\n", "python:x = \"\"\"\n```\n\"\"\"\n|"},
      {"```python\nx = \"\"\"open\n```\nprose\n", "python:x = \"\"\"open\n|"},
      {"```python\nx = \"\"\"open\n```\nprose\n```py\nb\n```\n", "python:x = \"\"\"open\n|py:b\n|"},
  };
  for (const BlocksRow& row : table) EXPECT_EQ(blocks_in(row.reply), row.blocks) << row.reply;
}

TEST(ReplyBlocks, PlacesAreThoseOfTheReply) {
  WorkMeter work;
  const std::string_view reply = "plan\n\n```python\na\n```\nrest";
  const auto blocks = find_blocks(reply, work);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(reply.substr(0, blocks[0].begin), "plan\n\n");
  EXPECT_EQ(reply.substr(blocks[0].end), "rest");
  EXPECT_EQ(blocks[0].line, 3U);
}

TEST(ReplyBlocks, TheIndentationOfTheFenceIsTakenOffItsLines) {
  WorkMeter work;
  const auto blocks = find_blocks("1. first\n   ```\n\n   if a:\n       b\n  c\n   ```", work);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(text_of(blocks[0]), "if a:\n    b\nc\n");
}

TEST(ReplyBlocks, TagsSayTheLanguage) {
  EXPECT_EQ(language_of("py"), TagLanguage::python);
  EXPECT_EQ(language_of(""), TagLanguage::unknown);
  EXPECT_EQ(language_of("bash"), TagLanguage::shell);
  EXPECT_EQ(language_of("diff"), TagLanguage::patch);
  EXPECT_EQ(language_of("julia"), TagLanguage::other);
}

TEST(JsonStrings, AreFoundWithTheirKeys) {
  WorkMeter work;
  const auto found = json_strings(
      R"({"Plan": "a \"b\"", "n": 1, "list": ["x", "y"], "code": "l1\nl2\t\u00e9\ud83d\ude00"})",
      work);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].key, "plan");
  EXPECT_EQ(found[0].value, "a \"b\"");
  EXPECT_EQ(found[2].key, "list");
  EXPECT_EQ(found[2].value, "y");
  EXPECT_EQ(found[3].value, "l1\nl2\t\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(JsonStrings, BrokenOnesAreReadAsFarAsTheyGo) {
  const std::vector<BlocksRow> table{
      {R"({"code": "open)", "open"},
      {R"({"code": "a\)", "a"},
      {R"({"code": "\ud83d"})", "\xEF\xBF\xBD"},
      {R"({"code": "\uZZ"})", "\\uZZ"},
      {R"({"code": "\u12)", "\\u12"},
      {"{\"code\": \"line\nend\"}", "line\nend"},
  };
  for (const BlocksRow& row : table) {
    WorkMeter work;
    const auto found = json_strings(row.reply, work);
    ASSERT_EQ(found.size(), 1U) << row.reply;
    EXPECT_EQ(found[0].value, row.blocks);
  }
  WorkMeter work;
  EXPECT_FALSE(json_strings("{\"code\": \"open", work)[0].closed);
}

TEST(HiddenCharacters, AreNamedWithTheirPlaces) {
  WorkMeter work;
  const auto refused = refuse_hidden("a = 1\nb = '\xC3\xA9\xE2\x80\xAE'\n", work);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reply_errors::kReplyHiddenCharacters));
  EXPECT_EQ(refused.error().detail, "U+202E in line 2 column 7");
}

TEST(HiddenCharacters, EachKindIsFound) {
  const std::vector<std::pair<std::string, std::string>> table{
      {std::string(1, '\0'), "U+0000"}, {"\x1b", "U+001B"},          {"\x7f", "U+007F"},
      {"\xC2\xAD", "U+00AD"},           {"\xE2\x80\x8B", "U+200B"},  {"\xE2\x80\x8F", "U+200F"},
      {"\xE2\x80\xA8", "U+2028"},       {"\xE2\x81\xA6", "U+2066"},  {"\xEF\xBB\xBF", "U+FEFF"},
      {"\xF3\xA0\x81\x81", "U+E0041"},  {"\xE3\x85\xA4", "U+3164"},  {"\xFF", "byte 0xFF"},
      {"\xE2\x80", "byte 0xE2"},        {"a\xE2\x80\x8D", "U+200D"}, {"\xD8\x9C", "U+061C"},
      {"\xF3\xA0\x84\x80", "U+E0100"},
  };
  for (const auto& [code, name] : table) {
    WorkMeter work;
    const auto found = find_hidden(code, 1, work);
    ASSERT_EQ(found.size(), 1U) << name;
    EXPECT_EQ(found[0].name, name);
  }
}

TEST(HiddenCharacters, WhatIsSeenIsFine) {
  WorkMeter work;
  EXPECT_TRUE(find_hidden("x = 'é 漢 ⚠️ 👩‍🔬'\t# ok\n", 9, work).empty());
}

TEST(ReplyText, RepetitionIsToldFromLongTables) {
  std::string counting;
  std::string table;
  for (unsigned i = 0; i < 2000; ++i) {
    counting += "x_" + std::to_string(i) + " = f(" + std::to_string(i) + ")\n";
    const unsigned mixed = i * 2654435761U;
    table += std::string(1 + mixed % 7, static_cast<char>('a' + (mixed >> 8U) % 26)) + "\n";
  }
  WorkMeter work;
  EXPECT_TRUE(repeats_endlessly(counting, work));
  EXPECT_FALSE(repeats_endlessly(table, work));
  EXPECT_FALSE(repeats_endlessly("na na na na na na na na na", work));
  EXPECT_FALSE(repeats_endlessly("code\n" + std::string(100'000, '\n'), work));
}

TEST(PlanText, TheLineIsTheFirstThatSaysSomething) {
  const std::vector<BlocksRow> table{
      {"", ""},
      {"# Plan\n\nFit a *linear* model.", "Fit a *linear* model."},
      {"Plan:\n1. **Fit** `LightGBM`.\n2. Blend.", "Fit LightGBM."},
      {"Here is the solution.\n- Use ridge regression.", "Use ridge regression."},
      {"Sure!", "Sure!"},
  };
  for (const BlocksRow& row : table) EXPECT_EQ(plan_line_of(row.reply), row.blocks) << row.reply;
}

TEST(PlanText, IsBoundedAndClean) {
  const std::string plan = plan_of(
      "a\x07"
      "b\xE2\x80\xAE"
      "c " +
      std::string(100'000, 'x'));
  EXPECT_TRUE(plan.starts_with("abc xxx"));
  EXPECT_TRUE(plan.ends_with("…"));
  EXPECT_LE(plan.size(), kPlanBytesMax);
  EXPECT_LE(plan_line_of(plan).size(), kPlanLineBytesMax);
  EXPECT_EQ(plan_of(" \n short \n"), "short");
}

}  // namespace
}  // namespace podium::codegen
