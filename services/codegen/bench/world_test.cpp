#include "services/codegen/bench/world.hpp"

#include <gtest/gtest.h>

#include <format>

namespace podium::codegen::bench {
namespace {

constexpr std::chrono::seconds kLong{1'000'000};

/// Nothing fails, nothing is measured wrongly.
Landscape exact() {
  Landscape landscape{.name = "exact", .what = "for tests"};
  landscape.scores.noise = 0;
  landscape.failures = {
      .drafts = 0, .improves = 0, .merges = 0, .repairs = 1, .hopeless = 0, .unwritten = 0};
  return landscape;
}

v1::DraftRequested request(const std::string& id, v1::CandidateKind kind,
                           const std::string& parent = "") {
  v1::DraftRequested wanted;
  wanted.set_candidate_id(id);
  wanted.set_kind(kind);
  wanted.set_parent_id(parent);
  wanted.set_attempt(1);
  return wanted;
}

TEST(World, TheSameSeedGivesTheSameCandidates) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    World left{exact(), seed};
    World right{exact(), seed};
    const auto draft = request("c1", v1::CANDIDATE_KIND_DRAFT);
    EXPECT_EQ(left.write(draft).took, right.write(draft).took);
    EXPECT_EQ(left.quality_of("c1"), right.quality_of("c1"));
    EXPECT_EQ(left.run("c1", kLong).took, right.run("c1", kLong).took);
  }
}

TEST(World, ScoresWithoutNoiseTellTheQuality) {
  World world{exact(), 1};
  world.write(request("c1", v1::CANDIDATE_KIND_DRAFT));
  const auto score = world.run("c1", kLong).score;
  EXPECT_DOUBLE_EQ(score.higher_is_better() ? score.value() : -score.value(),
                   world.quality_of("c1"));
}

TEST(World, ImprovementsGainLessTheLongerTheyGoOnAndNothingExceedsTheBest) {
  auto landscape = exact();
  landscape.slopes.gain_probability = 1;
  landscape.slopes.escape_probability = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    World world{landscape, seed};
    world.write(request("c1", v1::CANDIDATE_KIND_DRAFT));
    for (int step = 2; step <= 60; ++step) {
      world.write(request(std::format("c{}", step), v1::CANDIDATE_KIND_IMPROVE,
                          std::format("c{}", step - 1)));
    }
    const double early = world.quality_of("c11") - world.quality_of("c1");
    const double late = world.quality_of("c60") - world.quality_of("c50");
    EXPECT_GT(early, late);
    EXPECT_GE(world.regret_of(world.quality_of("c60")), 0);
  }
}

TEST(World, ARepairedCandidateIsNearlyWhatItWasMeantToBe) {
  auto landscape = exact();
  landscape.failures.drafts = 1;
  World world{landscape, 3};
  world.write(request("c1", v1::CANDIDATE_KIND_DRAFT));
  EXPECT_EQ(world.run("c1", kLong).outcome, v1::RUN_OUTCOME_CRASHED);
  world.write(request("c2", v1::CANDIDATE_KIND_DEBUG, "c1"));
  EXPECT_EQ(world.run("c2", kLong).outcome, v1::RUN_OUTCOME_OK);
  EXPECT_NEAR(world.quality_of("c2"), world.quality_of("c1"), 0.5);
}

TEST(World, AHopelessCandidateIsNeverMended) {
  auto landscape = exact();
  landscape.failures.drafts = 1;
  landscape.failures.hopeless = 1;
  World world{landscape, 3};
  world.write(request("c1", v1::CANDIDATE_KIND_DRAFT));
  world.write(request("c2", v1::CANDIDATE_KIND_DEBUG, "c1"));
  EXPECT_EQ(world.run("c2", kLong).outcome, v1::RUN_OUTCOME_CRASHED);
}

TEST(World, ARunThatTakesTooLongIsCutOff) {
  World world{exact(), 1};
  world.write(request("c1", v1::CANDIDATE_KIND_DRAFT));
  const auto running = world.run("c1", std::chrono::seconds{1});
  EXPECT_EQ(running.outcome, v1::RUN_OUTCOME_TIMED_OUT);
  EXPECT_EQ(running.took, std::chrono::seconds{1});
}

}  // namespace
}  // namespace podium::codegen::bench
