#include "services/codegen/bench/simulation.hpp"

#include <gtest/gtest.h>

#include <format>

namespace podium::codegen::bench {
namespace {

constexpr std::uint64_t kSeeds = 5;

TEST(Simulation, TheSameSeedGivesTheSameResult) {
  for (const auto& policy : search_policies()) {
    const auto& landscape = landscapes().front();
    EXPECT_EQ(simulate(landscape, policy, 4, 7), simulate(landscape, policy, 4, 7));
  }
}

TEST(Simulation, EveryJobEndsWithinItsBudget) {
  for (const auto& landscape : landscapes()) {
    for (const auto& policy : search_policies()) {
      SCOPED_TRACE(std::format("{} {}", landscape.name, policy.name));
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        const auto budget = landscape_of_job(landscape, seed).budget;
        const auto job = simulate(landscape, policy, 4, seed);
        EXPECT_LE(job.candidates, budget.candidates);
        EXPECT_LE(job.seconds, budget.seconds);
        EXPECT_GE(job.regret, 0);
        EXPECT_LE(job.regret_of_best, job.regret);
      }
    }
  }
}

TEST(Simulation, ABudgetOfCandidatesIsSpentToTheLast) {
  const auto& landscape = landscapes().front();
  for (const auto& policy : search_policies()) {
    for (const std::uint32_t workers : {1U, 4U, 16U}) {
      EXPECT_EQ(simulate(landscape, policy, workers, 3).candidates, landscape.budget.candidates);
    }
  }
}

TEST(Simulation, MoreWorkersAreDoneSooner) {
  const auto& landscape = landscapes().front();
  const auto& policy = search_policies().front();
  EXPECT_LT(simulate(landscape, policy, 4, 1).seconds,
            simulate(landscape, policy, 1, 1).seconds / 2);
}

TEST(Simulation, WhereEverythingFailsThereIsNoAnswer) {
  Landscape hopeless{.name = "hopeless", .what = "for tests"};
  hopeless.failures.drafts = 1;
  hopeless.failures.hopeless = 1;
  const auto job = simulate(hopeless, search_policies().front(), 4, 1);
  EXPECT_FALSE(job.answered);
  EXPECT_EQ(job.regret, kRegretWithoutAnswer);
  EXPECT_EQ(job.candidates, hopeless.budget.candidates);
}

}  // namespace
}  // namespace podium::codegen::bench
