#include "services/codegen/policies/greedy_policy.hpp"

#include <gtest/gtest.h>

#include "services/codegen/policies/policy_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

constexpr GreedySettings kAlwaysMends{.debug_probability = 1};
constexpr GreedySettings kNeverMends{.debug_probability = 0};

TEST(GreedyPolicy, FiveDraftsComeFirstWhateverHasFailed) {
  Told told;
  told.broken().sound(0.5).broken().open();
  const auto next = next_greedy(told.state(), kAlwaysMends);
  EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_DRAFT);
  EXPECT_EQ(next.variant, 4U);
}

TEST(GreedyPolicy, TheBestIsImproved) {
  Told told;
  told.sound(0.5).sound(0.7).sound(0.6).sound(0.1).sound(0.2);
  EXPECT_EQ(next_greedy(told.state(), {}).parent_id, "c2");
  told.sound(0.8, "c2");
  EXPECT_EQ(next_greedy(told.state(), {}).parent_id, "c6");
}

TEST(GreedyPolicy, TheBestIsTheLowestWhereLowerIsBetter) {
  Told told;
  told.sound(0.5).sound(0.7).sound(0.6).sound(0.1).sound(0.2).lower_is_better();
  EXPECT_EQ(next_greedy(told.state(), {}).parent_id, "c4");
}

TEST(GreedyPolicy, ABrokenLeafIsMended) {
  Told told;
  told.sound(0.5).broken().sound(0.6).sound(0.1).sound(0.2);
  const auto next = next_greedy(told.state(), kAlwaysMends);
  EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_DEBUG);
  EXPECT_EQ(next.parent_id, "c2");
  EXPECT_EQ(next_greedy(told.state(), kNeverMends).parent_id, "c3");
}

TEST(GreedyPolicy, ALeafThatIsBeingMendedIsLeftAlone) {
  Told told;
  told.sound(0.5).broken().sound(0.6).sound(0.1).sound(0.2).open("c2");
  EXPECT_EQ(next_greedy(told.state(), kAlwaysMends).kind, v1::CANDIDATE_KIND_IMPROVE);
}

TEST(GreedyPolicy, ThreeFailedDebugsGiveTheBranchUp) {
  Told told;
  told.sound(0.5).broken().sound(0.6).sound(0.1).sound(0.2);
  told.broken("c2").broken("c6");
  EXPECT_EQ(next_greedy(told.state(), kAlwaysMends).parent_id, "c7");
  told.broken("c7");
  EXPECT_EQ(next_greedy(told.state(), kAlwaysMends).kind, v1::CANDIDATE_KIND_IMPROVE);
}

TEST(GreedyPolicy, WithNothingSoundADraftIsTriedAgain) {
  Told told;
  told.broken().broken().given_up().open().given_up();
  EXPECT_EQ(next_greedy(told.state(), kNeverMends).kind, v1::CANDIDATE_KIND_DRAFT);
}

TEST(GreedyPolicy, MendsAboutHalfOfTheTime) {
  int mended = 0;
  for (int job = 0; job < kManyJobs; ++job) {
    Told told;
    told.job(job_number(job)).sound(0.5).broken().sound(0.6).sound(0.1).sound(0.2);
    mended += next_greedy(told.state(), {}).kind == v1::CANDIDATE_KIND_DEBUG ? 1 : 0;
  }
  EXPECT_NEAR(mended, kManyJobs / 2, kManyJobs / 8);
}

}  // namespace
}  // namespace podium::codegen
