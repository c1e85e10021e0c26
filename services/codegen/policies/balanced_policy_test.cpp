#include "services/codegen/policies/balanced_policy.hpp"

#include <gtest/gtest.h>

#include <set>

#include "services/codegen/policies/policy_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// Nothing by chance: no later drafts, and only the best is improved.
BalancedSettings plain() {
  return {.pool_first = 1, .pool_last = 1, .fresh_draft_probability = 0};
}

/// Three drafts in a job without models, of which the second is the best.
Told three_drafts(std::uint32_t candidates_max = 40) {
  Told told{candidates_max};
  told.sound(0.5).sound(0.7).sound(0.6);
  return told;
}

TEST(BalancedPolicy, WithoutModelsThreeDraftsComeFirst) {
  Told told{3};
  for (std::uint32_t variant = 0; variant < 3; ++variant) {
    const auto next = next_balanced(told.state(), {});
    EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_DRAFT);
    EXPECT_EQ(next.variant, variant);
    told.broken();
  }
}

TEST(BalancedPolicy, SixCandidatesWithoutModelsAreThreeDraftsTwoImprovementsAndAnEnsemble) {
  auto told = three_drafts(6);
  for (std::uint32_t variant = 0; variant < 2; ++variant) {
    const auto next = next_balanced(told.state(), {});
    EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_IMPROVE);
    EXPECT_EQ(next.variant, variant);
    told.sound(0.8 + 0.01 * variant, next.parent_id, next.second_parent_id);
  }
  EXPECT_EQ(next_balanced(told.state(), {}).kind, v1::CANDIDATE_KIND_ENSEMBLE);
}

TEST(BalancedPolicy, WithModelsTheBudgetSaysHowManyDraftsComeFirst) {
  for (const std::uint32_t candidates : {6U, 100U}) {
    Told told{candidates};
    told.models();
    std::uint32_t drafts = 0;
    while (next_balanced(told.state(), {}).kind == v1::CANDIDATE_KIND_DRAFT &&
           drafts < candidates) {
      told.sound(0.5);
      ++drafts;
    }
    const BalancedSettings settings;
    EXPECT_GE(drafts, candidates == 6 ? settings.drafts_min : settings.drafts_max);
    EXPECT_LT(drafts, candidates);
  }
}

TEST(BalancedPolicy, TheBestIsImproved) {
  EXPECT_EQ(next_balanced(three_drafts().state(), plain()).parent_id, "c2");
  EXPECT_EQ(next_balanced(three_drafts().lower_is_better().state(), plain()).parent_id, "c1");
}

TEST(BalancedPolicy, ABrokenCandidateIsMended) {
  auto told = three_drafts().broken();
  const auto next = next_balanced(told.state(), plain());
  EXPECT_EQ(next.kind, v1::CANDIDATE_KIND_DEBUG);
  EXPECT_EQ(next.parent_id, "c4");
}

TEST(BalancedPolicy, ThreeFailedDebugsGiveTheBranchUp) {
  auto told = Told{}.broken().sound(0.7).sound(0.6).broken("c1").broken("c4");
  EXPECT_EQ(next_balanced(told.state(), plain()).parent_id, "c5");
  told.broken("c5");
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_IMPROVE);
}

TEST(BalancedPolicy, RepairsThatSeldomHelpAreNoLongerTried) {
  auto told = three_drafts().sound(0.4).sound(0.3).sound(0.2);
  told.broken().broken("c7").broken();
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_DEBUG);
  told.broken("c9").broken();
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_IMPROVE);
}

TEST(BalancedPolicy, ABrokenDraftIsLeftAloneLateInTheSearch) {
  auto told = three_drafts().broken().spent(0.5);
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_DEBUG);
  told.spent(0.7);
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_IMPROVE);
}

TEST(BalancedPolicy, WithNothingSoundABrokenDraftIsMendedHoweverLateItIs) {
  auto told = Told{}.broken().broken().broken().spent(0.95);
  EXPECT_EQ(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_DEBUG);
}

TEST(BalancedPolicy, ThreeImprovementsWithoutAGainSendTheSearchElsewhere) {
  auto told = three_drafts().sound(0.69, "c2").sound(0.68, "c2");
  EXPECT_EQ(next_balanced(told.state(), plain()).parent_id, "c2");
  told.sound(0.7, "c2");
  EXPECT_EQ(next_balanced(told.state(), plain()).parent_id, "c6");
}

TEST(BalancedPolicy, AGainWithinTheNoiseIsNone) {
  auto settings = plain();
  settings.gain_noises = 1;
  auto told = Told{}.noise(0.1).sound(0.1).sound(0.7).sound(0.2);
  told.sound(0.71, "c2").sound(0.72, "c2");
  const auto with_noise = told.sound(0.73, "c2").state();
  EXPECT_NE(next_balanced(with_noise, settings).parent_id, "c2");
  EXPECT_EQ(next_balanced(with_noise, settings).parent_id, "c6");
}

TEST(BalancedPolicy, ALuckyScoreIsNotTakenForTheBest) {
  // The child of a poor candidate has the highest score, but scores are mostly noise.
  Told told;
  told.noise(0.3).sound(0.10).sound(0.70).sound(0.12);
  told.sound(0.11, "c1").sound(0.09, "c1").sound(0.12, "c3").sound(0.75, "c3");
  auto settings = plain();
  settings.fruitless_improves_max = 10;
  EXPECT_EQ(next_balanced(told.state(), settings).parent_id, "c2");
  settings.heed_noise = false;
  EXPECT_EQ(next_balanced(told.state(), settings).parent_id, "c7");
}

TEST(BalancedPolicy, AStagnantBranchIsClosed) {
  auto settings = plain();
  settings.stagnant_branch_max = 2;
  auto told = three_drafts().sound(0.69, "c2");
  EXPECT_EQ(next_balanced(told.state(), settings).parent_id, "c2");
  told.sound(0.68, "c2");
  EXPECT_EQ(next_balanced(told.state(), settings).parent_id, "c3");
}

TEST(BalancedPolicy, ABranchThatOnlyFailsIsClosed) {
  auto settings = plain();
  settings.debug_depth_max = 0;
  settings.failed_improves_max = 2;
  auto told = three_drafts().broken("c2").broken("c2");
  EXPECT_EQ(next_balanced(told.state(), settings).parent_id, "c3");
}

TEST(BalancedPolicy, WhenEveryBranchIsClosedADraftIsTried) {
  auto settings = plain();
  settings.stagnant_branch_max = 1;
  auto told = three_drafts().sound(0.1, "c1").sound(0.1, "c2").sound(0.1, "c3");
  EXPECT_EQ(next_balanced(told.state(), settings).kind, v1::CANDIDATE_KIND_DRAFT);
}

TEST(BalancedPolicy, TheTwoBestBranchesAreMergedLateAndOnlyOnce) {
  auto settings = plain();
  settings.drafts_min = settings.drafts_max = 3;
  auto told = three_drafts().models().sound(0.8, "c2");
  EXPECT_TRUE(next_balanced(told.state(), settings).second_parent_id.empty());
  told.spent(0.5);
  const auto merged = next_balanced(told.state(), settings);
  EXPECT_EQ(merged.kind, v1::CANDIDATE_KIND_IMPROVE);
  EXPECT_EQ(merged.parent_id, "c4");
  EXPECT_EQ(merged.second_parent_id, "c3");
  told.sound(0.9, "c4", "c3").spent(0.84);
  const auto second = next_balanced(told.state(), settings);
  EXPECT_EQ(second.parent_id, "c5");
  EXPECT_EQ(second.second_parent_id, "c1");
}

TEST(BalancedPolicy, TheBestOfTwoBranchesAreBlendedOnceAtTheEnd) {
  auto told = three_drafts().sound(0.8, "c2").spent(0.84);
  EXPECT_NE(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_ENSEMBLE);
  told.spent(0.86);
  const auto ensemble = next_balanced(told.state(), plain());
  EXPECT_EQ(ensemble.kind, v1::CANDIDATE_KIND_ENSEMBLE);
  EXPECT_EQ(ensemble.parent_id, "c4");
  EXPECT_EQ(ensemble.second_parent_id, "c3") << "c2 is of the branch of c4";
  told.sound(0.85, "c4", "c3").as_ensemble();
  EXPECT_NE(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_ENSEMBLE);
}

TEST(BalancedPolicy, TheLastCandidateOfAllIsTheEnsemble) {
  EXPECT_EQ(next_balanced(three_drafts(4).state(), plain()).kind, v1::CANDIDATE_KIND_ENSEMBLE);
  EXPECT_NE(next_balanced(three_drafts(5).state(), plain()).kind, v1::CANDIDATE_KIND_ENSEMBLE);
}

TEST(BalancedPolicy, OneBranchAloneBlendsItsTwoBest) {
  auto settings = plain();
  settings.builtin_drafts = 1;
  Told told;
  told.sound(0.5).sound(0.7, "c1").sound(0.6, "c1").spent(0.9);
  const auto ensemble = next_balanced(told.state(), settings);
  EXPECT_EQ(ensemble.parent_id, "c2");
  EXPECT_EQ(ensemble.second_parent_id, "c3");
}

TEST(BalancedPolicy, NothingIsBlendedWithoutTwoScores) {
  Told told{3};
  told.sound(0.5).broken();
  EXPECT_NE(next_balanced(told.state(), plain()).kind, v1::CANDIDATE_KIND_ENSEMBLE);
}

TEST(BalancedPolicy, LongRunsAreBlendedWhileThereIsTimeForIt) {
  const auto next_after = [](std::chrono::seconds run) {
    Told told;
    told.sound(0.5).ran(run).sound(0.6).ran(run).sound(0.55).ran(run).spent(0.5);
    return next_balanced(told.state(), plain()).kind;
  };
  EXPECT_NE(next_after(kTestBudget / 100), v1::CANDIDATE_KIND_ENSEMBLE);
  EXPECT_EQ(next_after(kTestBudget / 8), v1::CANDIDATE_KIND_ENSEMBLE);
}

TEST(BalancedPolicy, ParallelWorkersGetDifferentParents) {
  std::set<std::string> parents;
  for (int job = 0; job < kManyJobs; ++job) {
    auto told = three_drafts().job(job_number(job)).open("c2").open("c2");
    parents.insert(next_balanced(told.state(), {}).parent_id);
  }
  EXPECT_EQ(parents, (std::set<std::string>{"c1", "c2", "c3"}));
}

TEST(BalancedPolicy, ExplorationFallsAsTheBudgetIsSpent) {
  const auto others = [](double share) {
    int found = 0;
    for (int job = 0; job < kManyJobs; ++job) {
      auto told = three_drafts().models().job(job_number(job)).spent(share);
      told.sound(0.1).sound(0.1).sound(0.1).sound(0.1).sound(0.1);
      BalancedSettings settings;
      settings.merges_max = 0;
      found += next_balanced(told.state(), settings).parent_id == "c2" ? 0 : 1;
    }
    return found;
  };
  const int early = others(0.1);
  const int later = others(0.6);
  EXPECT_GT(early, later);
  EXPECT_GT(later, 0);
  EXPECT_EQ(others(0.98), 0);
}

}  // namespace
}  // namespace podium::codegen
