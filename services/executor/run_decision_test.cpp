#include "services/executor/run_decision.hpp"

#include <gtest/gtest.h>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

const Identity kSelf{.engine = "engine-a", .executor = "executor-1"};
const TimePoint kLookedAt{std::chrono::seconds{1'800'000'000}};

v1::RunClaim claim_of(const std::string& engine, const std::string& executor,
                      std::chrono::seconds age) {
  v1::RunClaim claim;
  claim.set_run_id("run-1");
  claim.set_engine(engine);
  claim.set_executor(executor);
  *claim.mutable_beat() = to_proto(kLookedAt - age);
  return claim;
}

v1::RunClaim started(v1::RunClaim claim) {
  *claim.mutable_started_at() = to_proto(kLookedAt);
  return claim;
}

RunFacts facts_with(std::optional<v1::RunClaim> claim, SandboxPhase phase) {
  RunFacts facts;
  facts.claim = std::move(claim);
  facts.sandbox.phase = phase;
  facts.now = kLookedAt;
  return facts;
}

TEST(RunDecision, AFreshTicketIsStarted) {
  EXPECT_EQ(decide_run(facts_with(std::nullopt, SandboxPhase::absent), kSelf), RunAction::start);
}

TEST(RunDecision, WhatIsExecutedIsSettledWhoeverClaimsIt) {
  for (const auto& claim :
       {claim_of("engine-a", "executor-1", 1s), claim_of("engine-b", "x", 1s)}) {
    auto facts = facts_with(claim, SandboxPhase::running);
    facts.executed = true;
    EXPECT_EQ(decide_run(facts, kSelf), RunAction::settle);
  }
}

TEST(RunDecision, ACancelledJobsTicketIsNotStarted) {
  auto facts = facts_with(std::nullopt, SandboxPhase::absent);
  facts.job = JobState::cancelled;
  EXPECT_EQ(decide_run(facts, kSelf), RunAction::cancel);
}

TEST(RunDecision, AnEndedJobsSandboxIsNotAdopted) {
  auto facts = facts_with(claim_of("engine-a", "executor-1", 1s), SandboxPhase::running);
  facts.job = JobState::ended;
  EXPECT_EQ(decide_run(facts, kSelf), RunAction::cancel);
}

TEST(RunDecision, ASandboxOfOurOwnClaimIsAdoptedHoweverFreshItsBeat) {
  const auto claim = started(claim_of("engine-a", "executor-1", 0s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::running), kSelf), RunAction::adopt);
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::ended), kSelf), RunAction::adopt);
}

TEST(RunDecision, KilledBetweenClaimAndStartStartsAgain) {
  const auto claim = claim_of("engine-a", "executor-1", 0s);
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::absent), kSelf), RunAction::start);
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::created), kSelf), RunAction::start);
}

TEST(RunDecision, AStartedSandboxThatVanishedIsLost) {
  const auto claim = started(claim_of("engine-a", "executor-1", 0s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::absent), kSelf), RunAction::lose);
}

TEST(RunDecision, AForeignClaimThatBeatsIsLeftAlone) {
  const auto claim = claim_of("engine-b", "executor-9", kClaimGrace);
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::absent), kSelf), RunAction::hand_back);
}

TEST(RunDecision, AForeignClaimWithoutBeatsIsTakenOverFromTheStart) {
  const auto claim = started(claim_of("engine-b", "executor-9", kClaimGrace + 1s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::absent), kSelf), RunAction::start);
}

TEST(RunDecision, AnotherExecutorOfOurEngineThatBeatsKeepsItsRun) {
  const auto claim = started(claim_of("engine-a", "executor-2", 5s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::running), kSelf), RunAction::hand_back);
}

TEST(RunDecision, AnotherExecutorOfOurEngineThatDiedLeavesItsSandboxToUs) {
  const auto claim = started(claim_of("engine-a", "executor-2", kClaimGrace + 1s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::running), kSelf), RunAction::adopt);
}

TEST(RunDecision, AHandedBackClaimOfOurEngineIsAdoptedAtOnce) {
  const auto claim = started(claim_of("engine-a", "", 0s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::running), kSelf), RunAction::adopt);
}

TEST(RunDecision, AHandedBackClaimOfAnotherEngineIsLeftToThatEngine) {
  const auto claim = started(claim_of("engine-b", "", 1s));
  EXPECT_EQ(decide_run(facts_with(claim, SandboxPhase::absent), kSelf), RunAction::hand_back);
}

TEST(RunDecision, ASandboxWhoseClaimIsGoneIsAdoptedNotStartedTwice) {
  EXPECT_EQ(decide_run(facts_with(std::nullopt, SandboxPhase::running), kSelf), RunAction::adopt);
}

}  // namespace
}  // namespace podium::executor
