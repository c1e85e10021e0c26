#include "libs/competition/words.hpp"

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

TEST(Words, AreTheNamesWithoutTheEnumerationsInLowerCase) {
  EXPECT_EQ(word(v1::JOB_STATUS_TIMEOUT), "timeout");
  EXPECT_EQ(word(v1::SCORE_KIND_REPORTED), "reported");
  EXPECT_EQ(word(v1::CANDIDATE_KIND_IMPROVE), "improve");
  EXPECT_EQ(word(v1::RUN_OUTCOME_OUT_OF_MEMORY), "out_of_memory");
  EXPECT_EQ(word(v1::COMPETITION_DOOR_FOLDER), "folder");
}

TEST(Words, ZeroAndValuesOfLaterVersionsHaveNone) {
  EXPECT_EQ(word(v1::JOB_STATUS_UNSPECIFIED), std::nullopt);
  EXPECT_EQ(word(static_cast<v1::RunOutcome>(99)), std::nullopt);
}

TEST(Words, OnlyEndsAreTerminal) {
  for (const auto* end : {"success", "failed", "timeout", "cancelled"}) {
    EXPECT_TRUE(is_terminal(end)) << end;
  }
  EXPECT_FALSE(is_terminal("queued"));
  EXPECT_FALSE(is_terminal("running"));
}

}  // namespace
}  // namespace podium::competition
