#include "services/codegen/policies/solution_tree.hpp"

#include <gtest/gtest.h>

#include "services/codegen/policies/chance.hpp"
#include "services/codegen/policies/estimates.hpp"
#include "services/codegen/policies/policy_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

TEST(SolutionTree, BranchesBeginWithTheirDrafts) {
  Told told;
  told.sound(0.5).broken().sound(0.6, "c1").sound(0.4, "c2").sound(0.7, "c3", "c4");
  const SolutionTree tree{told.state()};
  EXPECT_EQ(tree.node(2).branch, 0U);
  EXPECT_EQ(tree.node(3).branch, 1U);
  EXPECT_EQ(tree.node(4).branch, 0U);
  EXPECT_EQ(tree.node(4).second_parent, 3U);
  EXPECT_EQ(tree.node(3).children, (std::vector<std::size_t>{4}));
}

TEST(SolutionTree, StandingsFollowFromStepsAndVerdicts) {
  Told told;
  told.sound(0.5).broken().open().given_up();
  const SolutionTree tree{told.state()};
  EXPECT_EQ(tree.node(0).standing, Standing::sound);
  EXPECT_EQ(tree.node(1).standing, Standing::broken);
  EXPECT_EQ(tree.node(2).standing, Standing::open);
  EXPECT_EQ(tree.node(3).standing, Standing::given_up);
  EXPECT_TRUE(tree.may_be_mended(1, 3));
  EXPECT_FALSE(tree.may_be_mended(3, 3));
}

TEST(SolutionTree, TheBudgetSpentIsTheShareThatIsFurther) {
  Told told{10};
  told.sound(0.5);
  EXPECT_NEAR(spent_share(told.state()), 0.1, 1e-9);
  told.spent(0.4);
  EXPECT_NEAR(spent_share(told.state()), 0.4, 1e-6);
  told.spent(1.5);
  EXPECT_EQ(spent_share(told.state()), 1.0);
}

TEST(Estimates, WithoutNoiseTheScoreIsTheEstimate) {
  Told told;
  told.sound(0.5).sound(0.9, "c1");
  const auto all = estimate(SolutionTree{told.state()});
  EXPECT_EQ(all.noise, 0);
  EXPECT_DOUBLE_EQ(all.of.at(1).value, 0.9);
}

TEST(Estimates, WithNoiseAnEstimateLiesBetweenTheParentAndTheScore) {
  Told told;
  told.noise(0.3).sound(0.5).sound(0.9, "c1");
  const auto all = estimate(SolutionTree{told.state()});
  EXPECT_GT(all.of.at(1).value, 0.5);
  EXPECT_LT(all.of.at(1).value, 0.9);
}

TEST(Chance, IsTheSameForTheSameStateAndAnotherForTheNext) {
  Told told;
  told.sound(0.5);
  EXPECT_EQ(Chance{told.state()}.draw(), Chance{told.state()}.draw());
  const double before = Chance{told.state()}.draw();
  EXPECT_NE(Chance{told.sound(0.5).state()}.draw(), before);
  EXPECT_NE(Chance{told.job("another").state()}.draw(), before);
}

TEST(Chance, DrawsAreEvenlySpread) {
  Told told;
  Chance chance{told.state()};
  double sum = 0;
  constexpr int kDraws = 10'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double drawn = chance.draw();
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 1);
    sum += drawn;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.02);
}

TEST(SearchPolicies, AnUnknownNameIsTheDefault) {
  EXPECT_EQ(policy_named("").name, kDefaultPolicy);
  EXPECT_EQ(policy_named("no such policy").name, kDefaultPolicy);
  EXPECT_EQ(policy_named("greedy").name, "greedy");
  EXPECT_EQ(policy_named("tree").name, "tree");
}

}  // namespace
}  // namespace podium::codegen
