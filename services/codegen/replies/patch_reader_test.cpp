#include "services/codegen/replies/patch_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

using testing::code_of;
using testing::golden;

constexpr std::string_view kParent =
    "import models\n"
    "\n"
    "DEPTH = 4\n"
    "\n"
    "def fit(x, y):\n"
    "    model = make_model(rate=0.1)\n"
    "    model.fit(x, y)\n"
    "    return model\n"
    "\n"
    "def refit(x, y):\n"
    "    model.fit(x, y)\n"
    "    return model\n";

std::string change(std::string_view search, std::string_view replace) {
  return "<<<<<<< SEARCH\n" + std::string{search} + "=======\n" + std::string{replace} +
         ">>>>>>> REPLACE\n";
}

Result<std::string> patched(std::string_view reply, std::string_view parent = kParent) {
  WorkMeter work;
  const PatchReply patch = PODIUM_TRY(read_patch(reply, work));
  return apply_patch(parent, patch.blocks, work);
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text{kParent};
  return text.replace(text.find(from), from.size(), to);
}

TEST(PatchReader, BlocksAreApplied) {
  const auto program = patched(golden("change.md"));
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_NE(program->find("DEPTH = 8\n"), std::string::npos);
  EXPECT_NE(
      program->find("rate=0.03)\n    model.fit(x, y, rounds=3000)\n    return model\n\ndef re"),
      std::string::npos);
}

TEST(PatchReader, DiffsAreAppliedWhateverTheirLineNumbersSay) {
  const auto program = patched(golden("change.diff.md"));
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_NE(program->find("DEPTH = 8\n"), std::string::npos);
  EXPECT_NE(program->find("rate=0.1)\n    model.fit(x, y, rounds=3000)\n"), std::string::npos);
}

TEST(PatchReader, ThePlanIsTheProseBefore) {
  WorkMeter work;
  const auto patch = read_patch(golden("change.md"), work);
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->plan, "Deeper trees, for the table has many interactions.");
  EXPECT_EQ(patch->plan_line, patch->plan);
  EXPECT_EQ(patch->blocks[1].line, 14U);
}

struct Applied {
  std::string_view what;
  std::string reply;
  std::string program;
};

TEST(PatchReader, OneChangeIsMadeOnce) {
  const std::string depth = replaced("DEPTH = 4", "DEPTH = 8");
  const std::vector<Applied> table{
      {"exact", change("DEPTH = 4\n", "DEPTH = 8\n"), depth},
      {"line ends of Windows",
       "<<<<<<< SEARCH\r\nDEPTH = 4\r\n=======\r\nDEPTH = 8\r\n>>>>>>> REPLACE", depth},
      {"blanks at the end", change("DEPTH = 4  \n", "DEPTH = 8\n"), depth},
      {"indented too far", change("  DEPTH = 4\n", "  DEPTH = 8\n"), depth},
      {"not indented enough",
       change("model = make_model(rate=0.1)\nmodel.fit(x, y)\n",
              "model = make_model(rate=1)\nif x:\n    model.fit(x, y)\n"),
       replaced("    model = make_model(rate=0.1)\n    model.fit(x, y)\n",
                "    model = make_model(rate=1)\n    if x:\n        model.fit(x, y)\n")},
      {"removes", change("DEPTH = 4\n", ""), replaced("DEPTH = 4\n", "")},
      {"adds before", change("DEPTH = 4\n", "WIDTH = 2\nDEPTH = 4\n"),
       replaced("DEPTH = 4", "WIDTH = 2\nDEPTH = 4")},
      {"other counts of marks", "<<<<< SEARCH\nDEPTH = 4\n=====\nDEPTH = 8\n>>>>>>>>> REPLACE\n",
       depth},
      {"a plain hunk", "@@\n-DEPTH = 4\n+DEPTH = 8\n", ""},
      {"a hunk", "@@ -1 +1 @@\n-DEPTH = 4\n+DEPTH = 8\n\\ No newline at end of file\n", depth},
      {"a diff without hunks", "--- a.py\n+++ b.py\n-DEPTH = 4\n+DEPTH = 8\n\nThat is all.\n",
       depth},
      {"two blocks in the other order",
       change("def refit(x, y):\n", "def again(x, y):\n") + change("DEPTH = 4\n", "DEPTH = 8\n"),
       [&] {
         std::string text = depth;
         return text.replace(text.find("refit"), 5, "again");
       }()},
  };
  for (const Applied& row : table) {
    const auto program = patched(row.reply);
    if (row.program.empty()) {
      EXPECT_EQ(code_of(program), "PATCH_MISSING") << row.what;
      continue;
    }
    ASSERT_TRUE(program) << row.what << ": " << program.error().text();
    EXPECT_EQ(*program, row.program) << row.what;
  }
}

struct Refused {
  std::string reply;
  std::string_view code;
  std::string_view detail;
};

TEST(PatchReader, ARefusalSaysWhichBlockAndWhy) {
  const std::string good = change("DEPTH = 4\n", "DEPTH = 8\n");
  const std::vector<Refused> table{
      {"no change at all", "PATCH_MISSING", "it begins `no change at all`"},
      {"", "PATCH_MISSING", "it begins ``"},
      {good + change("WIDTH = 4\n", ""), "PATCH_DOES_NOT_APPLY",
       "block 2 (line 6 of the reply): the program has no line `WIDTH = 4`"},
      {change("    model.fit(x, y)\n", ""), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): its lines are found 2 times, at lines 7 and 11 of the "
       "program first; add lines around them until they are found once"},
      {change("model.fit(x, y)\n", ""), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): its lines are found 2 times, at lines 7 and 11 of the "
       "program first; add lines around them until they are found once"},
      {change("DEPTH = 4\nimport models\n", ""), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): the program has each of its lines, but not one after the "
       "other"},
      {change("def fit(x, y):\nmodel = make_model(rate=0.1)\n", ""), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): its indentation is not that of the program's line 5"},
      {change("        model = make_model(rate=0.1)\n", "model = None\n"), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): its indentation is not that of the program's line 6"},
      {change("", "x = 1\n"), "PATCH_DOES_NOT_APPLY",
       "block 1 (line 1 of the reply): it has no lines to search for; repeat the lines that stand "
       "around the change"},
      {good + change("\nDEPTH = 4\n", "\n"), "PATCH_DOES_NOT_APPLY",
       "blocks 1 and 2 change the same lines, at line 3 of the program; make one block of them"},
      {good + good, "PATCH_DOES_NOT_APPLY",
       "blocks 1 and 2 change the same lines, at line 3 of the program; make one block of them"},
      {change("DEPTH = 4\n", "DEPTH = 4\n"), "PATCH_CHANGES_NOTHING", "no line is different"},
      {"<<<<<<< SEARCH\nDEPTH = 4\n", "PATCH_UNFINISHED",
       "block 1, from line 1 of the reply, has no ======="},
      {"<<<<<<< SEARCH\nDEPTH = 4\n=======\nDEPTH", "PATCH_UNFINISHED",
       "block 1, from line 1 of the reply, has no >>>>>>> REPLACE"},
      {"<<<<<<< SEARCH\na\n=======\n" + good, "PATCH_UNFINISHED",
       "block 1 has no end before the next one"},
      {change("DEPTH = 4\n", "DEPTH\xE2\x80\x8B = 8\n"), "REPLY_HIDDEN_CHARACTERS",
       "U+200B in line 3 column 6"},
  };
  for (const Refused& row : table) {
    const auto program = patched(row.reply);
    ASSERT_FALSE(program) << row.reply;
    EXPECT_EQ(code_of(program), row.code) << row.reply;
    EXPECT_EQ(program.error().detail, row.detail) << row.reply;
  }
}

TEST(PatchReader, TooManyBlocksAreRefused) {
  std::string reply;
  for (std::size_t i = 0; i <= kPatchBlocksMax; ++i) reply += change("DEPTH = 4\n", "");
  EXPECT_EQ(code_of(patched(reply)), "PATCH_DOES_NOT_APPLY");
}

TEST(PatchReader, TooLargeAProgramIsRefused) {
  EXPECT_EQ(code_of(patched(change("DEPTH = 4\n", std::string(kProgramBytesMax, 'x') + "\n"))),
            "REPLY_TOO_LARGE");
}

TEST(PatchReader, AnEmptyParentTakesAWholeProgram) {
  EXPECT_EQ(patched(change("", "x = 1\n"), "").value(), "x = 1\n");
}

TEST(PatchReader, RepliesWithChangesAreRecognised) {
  EXPECT_TRUE(has_patch(golden("change.md")));
  EXPECT_TRUE(has_patch(golden("change.diff.md")));
  EXPECT_TRUE(has_patch("<<<<<<< SEARCH\nbroken"));
  EXPECT_FALSE(has_patch(golden("plan_and_program.md")));
}

}  // namespace
}  // namespace podium::codegen
