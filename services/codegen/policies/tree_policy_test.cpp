#include "services/codegen/policies/tree_policy.hpp"

#include <gtest/gtest.h>

#include "services/codegen/policies/policy_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// Two drafts, and nothing but the mean reward counts.
constexpr TreeSettings kNoExploration{
    .drafts = 2, .improves_per_parent = 3, .exploration_first = 0, .exploration_last = 0};

TEST(TreePolicy, DraftsComeFirst) {
  Told told;
  told.sound(0.5).broken();
  EXPECT_EQ(next_in_tree(told.state(), {}).kind, v1::CANDIDATE_KIND_DRAFT);
}

TEST(TreePolicy, TheBetterDraftIsGrownUntilItsChildrenAreMany) {
  Told told;
  told.sound(0.5).sound(0.9);
  EXPECT_EQ(next_in_tree(told.state(), kNoExploration).parent_id, "c2");
  told.sound(0.95, "c2").sound(0.96, "c2").sound(0.94, "c2");
  EXPECT_EQ(next_in_tree(told.state(), kNoExploration).parent_id, "c4");
}

TEST(TreePolicy, ExplorationVisitsTheLesserBranch) {
  Told told;
  told.sound(0.8).sound(0.9).sound(0.95, "c2").sound(0.7, "c2");
  const TreeSettings curious{.drafts = 2, .exploration_first = 100};
  EXPECT_EQ(next_in_tree(told.state(), curious).parent_id, "c1");
}

TEST(TreePolicy, ExplorationFallsAsTheBudgetIsSpent) {
  Told told;
  told.sound(0.1).sound(0.9).sound(0.95, "c2").sound(0.96, "c2");
  const TreeSettings settings{
      .drafts = 2, .improves_per_parent = 3, .exploration_first = 100, .exploration_last = 0};
  EXPECT_EQ(next_in_tree(told.state(), settings).parent_id, "c1");
  told.spent(0.9);
  EXPECT_EQ(next_in_tree(told.state(), settings).parent_id, "c2");
}

TEST(TreePolicy, ABrokenDraftIsMendedAndGivenUpAfterThreeRepairs) {
  Told told;
  told.broken().broken();
  const auto next = next_in_tree(told.state(), kNoExploration);
  EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_DEBUG);
  EXPECT_EQ(next.parent_id, "c1");
  told.broken("c1").broken("c3").broken("c4").broken("c2").broken("c6").broken("c7");
  EXPECT_EQ(next_in_tree(told.state(), kNoExploration).kind, v1::CANDIDATE_KIND_DRAFT);
}

TEST(TreePolicy, OpenCandidatesSendOtherWorkersElsewhere) {
  Told told;
  told.sound(0.8).sound(0.9);
  const TreeSettings settings{.drafts = 2, .exploration_first = 3};
  EXPECT_EQ(next_in_tree(told.state(), settings).parent_id, "c2");
  told.open("c2");
  EXPECT_EQ(next_in_tree(told.state(), settings).parent_id, "c1");
}

TEST(TreePolicy, WithEverythingOpenADraftIsTried) {
  Told told;
  told.open().open();
  EXPECT_EQ(next_in_tree(told.state(), kNoExploration).kind, v1::CANDIDATE_KIND_DRAFT);
}

}  // namespace
}  // namespace podium::codegen
