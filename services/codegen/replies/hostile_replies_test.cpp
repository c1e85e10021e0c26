// Replies of the largest size that are made to be slow to read. Work is counted in steps (bytes,
// lines and tokens looked at), so that the bound holds on any machine.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/patch_reader.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

// Steps for each byte of a reply. A quadratic reading of 1 MB would take a million.
constexpr std::size_t kStepsPerByteMax = 40;
// A program of the largest size is searched once by each block of a patch, in three views.
constexpr std::size_t kPatchStepsPerByteMax = 40 + 3 * 4 * kPatchBlocksMax;

std::string repeated(std::string_view piece, std::size_t bytes = kReplyBytesMax) {
  std::string out;
  out.reserve(bytes);
  while (out.size() + piece.size() <= bytes) out += piece;
  return out;
}

// Pieces that have made readers slow: openers without ends, nests, all but matching ends.
const std::vector<std::string>& pieces() {
  static const std::vector<std::string> kPieces{
      "`",
      "```\n",
      "```python\n",
      "~~~\n```\n",
      "```python\n\"\"\"\n```\n",
      "```python\n\"\"\"\n```\n'''\n",
      "```python\nx = 1\n```\n",
      "```python\nimport a\nx = f(\n```\n",
      "```markdown\n```python\n",
      "(",
      "[{(",
      ")]}",
      "\"",
      "'\n",
      "\"\"\"",
      "f\"{",
      "f'{f\"{",
      "f\"{x:{",
      "\\",
      "\\\n",
      "{\"a\":",
      "{\"code\": \"a\\nb\",",
      "[\"\\u",
      "\\ud83d",
      "x",
      "x = 1\n",
      "import a\n",
      "import a\n\n  \n",
      "def f():\n",
      "try:\n",
      " ",
      "\n",
      " \t",
      "#",
      "# ...\n",
      "0",
      "1e",
      "x = 'a.csv'\n",
      "pd.read_csv('a.csv')\n",
      "a.b.",
      "import a.b,",
      "from os import system,",
      "sleep(1*",
      "<<<<<<< SEARCH\n",
      "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n",
      "@@ @@\n-a\n+b\n",
      "--- \n+++ \n",
      "\xE2\x80\xAE",
      "\xFF",
      "\xE2\x80",
      "é",
      "<think>",
      "</think>",
      "I cannot ",
      "ab ab a",
  };
  return kPieces;
}

// Large enough for quadratic work to pass the bound by far, small enough for every combination.
constexpr std::size_t kCombinedBytes = std::size_t{32} * 1024;

// Each piece alone, behind an open fence, in a closed one, in JSON, behind and before a program.
std::vector<std::string> hostile_replies(std::string_view piece) {
  const std::string body = repeated(piece, kCombinedBytes);
  const std::string program{testing::kSmallProgram};
  return {body,
          "```python\n" + program + body,
          "```python\n" + body + "\n```\n",
          "{\"code\": \"import a\n" + body,
          program + body + "\n```\n",
          body + "\n```python\n" + program + "```\n"};
}

void expect_linear_reading(const std::string& reply, std::string_view piece) {
  WorkMeter work;
  ReadOptions options;
  options.check = testing::towns_check();
  options.work = &work;
  const auto read = read_reply(reply, options);
  EXPECT_LE(work.steps(), kStepsPerByteMax * reply.size()) << piece;
  EXPECT_GE(work.steps(), reply.size() / 2) << piece << ": the work is not counted";
  if (!read) {
    EXPECT_LE(read.error().detail.size(), 1000U) << piece;
    return;
  }
  EXPECT_LE(read->code.size(), kProgramBytesMax + 1) << piece;
  EXPECT_LE(read->plan.size(), kPlanBytesMax) << piece;
  EXPECT_LE(read->requirements.size(), kRequirementsBytesMax) << piece;
  EXPECT_LE(read->findings.size(), kFindingsMax + 2) << piece;
}

TEST(HostileReplies, AreReadInLinearWork) {
  for (const std::string& piece : pieces()) {
    for (const std::string& reply : hostile_replies(piece)) expect_linear_reading(reply, piece);
  }
}

TEST(HostileReplies, OfTheLargestSizeAreReadInLinearWork) {
  for (const std::string_view piece :
       {"```python\n\"\"\"\n```\n'''\n", "```python\nimport a\nx = f(\n```\n", "f'{f\"{",
        "{\"code\": \"a\\nb\",", "[{("}) {
    expect_linear_reading(repeated(piece, kReplyBytesMax), piece);
  }
}

TEST(HostileReplies, IndentationThatGrowsIsReadInLinearWork) {
  std::string code = "import a\n";
  for (std::size_t depth = 0; code.size() + depth + 10 < kProgramBytesMax; ++depth) {
    code += std::string(depth, ' ') + "try:\n";
  }
  WorkMeter work;
  ReadOptions options;
  options.work = &work;
  EXPECT_EQ(testing::code_of(read_reply(testing::fenced(code), options)), "REPLY_TRUNCATED");
  EXPECT_LE(work.steps(), kStepsPerByteMax * code.size());
}

TEST(HostileReplies, ChangesAreReadInLinearWork) {
  for (const std::string& piece : pieces()) {
    for (const std::string& reply : hostile_replies(piece)) {
      WorkMeter work;
      const auto patch = read_patch(reply, work);
      EXPECT_LE(work.steps(), kStepsPerByteMax * reply.size()) << piece;
      if (patch) EXPECT_LE(patch->blocks.size(), kPatchBlocksMax);
    }
  }
}

TEST(HostileReplies, ChangesThatAlmostFitEverywhereAreAppliedInBoundedWork) {
  const std::string parent = repeated("a\n", kProgramBytesMax);
  std::string reply;
  for (std::size_t i = 0; i < kPatchBlocksMax; ++i) {
    reply += "<<<<<<< SEARCH\n" + repeated("a\n", 4000) + "b\n=======\nc\n>>>>>>> REPLACE\n";
  }
  WorkMeter work;
  const auto patch = read_patch(reply, work);
  ASSERT_TRUE(patch);
  EXPECT_EQ(testing::code_of(apply_patch(parent, patch->blocks, work)), "PATCH_DOES_NOT_APPLY");
  EXPECT_LE(work.steps(), kPatchStepsPerByteMax * parent.size());
}

TEST(HostileReplies, CutAtEveryByteTheyAreReadOrRefused) {
  for (const char* name : {"plan_and_program.md", "several_blocks.md", "fence_in_docstring.md"}) {
    const std::string whole = testing::golden(name);
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
      const auto read = testing::read_towns(whole.substr(0, bytes));
      if (!read) EXPECT_FALSE(read.error().detail.empty()) << name << " " << bytes;
    }
  }
}

TEST(HostileReplies, AnyByteInTheMiddleOfAReplyIsReadOrRefused) {
  const std::string whole = testing::golden("several_blocks.md");
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    for (const char byte : {'\0', '"', '\'', '`', '\\', '{', '\n', '\xFF', '\t'}) {
      std::string changed = whole;
      changed[at] = byte;
      const auto read = testing::read_towns(changed);
      if (read) EXPECT_EQ(read->code.find('\0'), std::string::npos) << at;
    }
  }
}

}  // namespace
}  // namespace podium::codegen
