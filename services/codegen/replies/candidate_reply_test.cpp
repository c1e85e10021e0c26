#include "services/codegen/replies/candidate_reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using ::testing::HasSubstr;

ReadOptions towns(ReplyStop stop = ReplyStop::finished) {
  ReadOptions options;
  options.stop = stop;
  options.check = towns_check();
  return options;
}

constexpr std::string_view kPatch =
    "One change.\n\n<<<<<<< SEARCH\ntest.to_csv(\"submission.csv\", index=False)\n=======\n"
    "test = test.fillna(0)\ntest.to_csv(\"submission.csv\", index=False)\n>>>>>>> REPLACE\n";

TEST(CandidateReply, AWholeProgramIsTakenAsItIs) {
  const auto program =
      read_candidate("A plan.\n\n" + fenced(kSmallProgram), kSmallProgram, towns());
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_EQ(program->code, kSmallProgram);
}

TEST(CandidateReply, ChangesAreMadeToTheParent) {
  const auto program = read_candidate(kPatch, kSmallProgram, towns());
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_THAT(program->code, HasSubstr("fillna(0)"));
  EXPECT_EQ(program->plan_line, "One change.");
}

TEST(CandidateReply, ChangesThatDoNotFitAreTold) {
  EXPECT_EQ(code_of(read_candidate(kPatch, "print(1)\n", towns())), "PATCH_DOES_NOT_APPLY");
}

TEST(CandidateReply, ChangesThatWereCutAreNotMade) {
  EXPECT_EQ(code_of(read_candidate(kPatch, kSmallProgram, towns(ReplyStop::cut_short))),
            "PATCH_UNFINISHED");
}

TEST(CandidateReply, AProgramThatWouldBeAWasteOfASandboxIsRefusedWithItsLines) {
  const auto program =
      read_candidate(fenced("import pandas as pd\nimport requests\nrequests.get(\"http://x\")\n"
                            "pd.DataFrame().to_csv(\"submission.csv\")\n"),
                     "", towns());
  ASSERT_EQ(code_of(program), "REPLY_UNSAFE");
  EXPECT_THAT(program.error().detail, HasSubstr("Line "));
}

}  // namespace
}  // namespace podium::codegen
