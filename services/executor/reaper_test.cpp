#include "services/executor/reaper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/executor/limits.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint kNow{1'800'000'000s};

SandboxFacts leftover() {
  SandboxFacts facts;
  facts.now = kNow;
  facts.reap_after = kNow + 1h;
  return facts;
}

TEST(MayBeReaped, WhatIsExecutedOrOfAnEndedJob) {
  auto facts = leftover();
  EXPECT_FALSE(may_be_reaped(facts));
  facts.executed = true;
  EXPECT_TRUE(may_be_reaped(facts));
  facts.executed = false;
  facts.job = JobState::ended;
  EXPECT_TRUE(may_be_reaped(facts));
}

TEST(MayBeReaped, NotWhatAnotherExecutorOfTheEngineStillClearsItself) {
  auto facts = leftover();
  facts.executed = true;
  facts.holder = ClaimHolder::another;
  EXPECT_FALSE(may_be_reaped(facts));
}

TEST(MayBeReaped, WhatIsOlderThanAnyRunMayBe) {
  auto facts = leftover();
  facts.reap_after = kNow - 1s;
  EXPECT_TRUE(may_be_reaped(facts));
}

DataListing data(const std::string& sha256, std::chrono::seconds age, std::uint64_t bytes = 1) {
  return {.sha256 = sha256, .bytes = bytes, .last_used = kNow - age, .complete = true};
}

TEST(DataToRemove, TheLongestUnusedGoFirst) {
  EXPECT_THAT(data_to_remove({data("old", 30s), data("new", 1s), data("older", 40s)}, 2, 1000),
              ElementsAre("older"));
}

TEST(DataToRemove, BytesAreALimitAsWell) {
  EXPECT_THAT(data_to_remove({data("a", 1s, 60), data("b", 2s, 60)}, 10, 100), ElementsAre("b"));
}

TEST(DataToRemove, TheLastUsedStaysHoweverLarge) {
  EXPECT_THAT(data_to_remove({data("huge", 1s, 1'000'000)}, 1, 10), IsEmpty());
}

TEST(DataToRemove, TheUnfinishedGoes) {
  auto unfinished = data("half", 1s);
  unfinished.complete = false;
  EXPECT_THAT(data_to_remove({unfinished, data("a", 2s)}, 10, 1000), ElementsAre("half"));
}

class ReaperTest : public ::testing::Test {
 protected:
  void reap() {
    Reaper{{.runtime = runtime_,
            .ledger = ledger_,
            .claims = claims_,
            .live = live_,
            .capacity = capacity_,
            .adopt = [this](const v1::RunClaim& claim) { adopted_.push_back(claim.run_id()); },
            .data_volumes_max = 2,
            .data_bytes_max = 1000}}
        .reap();
  }
  HeldClaim claim_by(RunClaims& claims, std::chrono::seconds age = 0s) {
    return claims.take(ticket_, std::nullopt, std::chrono::system_clock::now() - age).value();
  }
  void leave_sandbox() {
    runtime_.set_listing({{.run_id = run_id_,
                           .job_id = fakes::kJobId,
                           .reap_after = std::chrono::system_clock::now() + 1h}});
  }
  const v1::Event ticket_ = fakes::make_ticket();
  const std::string run_id_ = ticket_.run_ticket().run_id();
  fakes::FakeRuntime runtime_;
  fakes::FakeLedger ledger_;
  fakes::FakeKeyValue bucket_;
  fakes::FakeKeyValue capacity_;
  RunClaims claims_{bucket_, {.engine = "engine-a", .executor = "executor-1"}};
  RunClaims foreign_{bucket_, {.engine = "engine-b", .executor = "executor-9"}};
  LiveRuns live_;
  std::vector<std::string> adopted_;
};

TEST_F(ReaperTest, OurOwnRunThatNobodyWorksOnIsAdopted) {
  claim_by(claims_);
  reap();
  EXPECT_THAT(adopted_, ElementsAre(run_id_));
}

TEST_F(ReaperTest, ARunThatGoesOnHereIsLeftAlone) {
  claim_by(claims_);
  live_.add(ticket_, nullptr);
  leave_sandbox();
  ledger_.set_executed(run_id_);
  reap();
  EXPECT_THAT(adopted_, IsEmpty());
  EXPECT_THAT(runtime_.removed(), IsEmpty());
}

TEST_F(ReaperTest, KilledBetweenExecutedAndReleaseLeavesNothing) {
  claim_by(claims_);
  leave_sandbox();
  ledger_.set_executed(run_id_);
  reap();
  EXPECT_FALSE(claims_.get(run_id_).value().has_value());
  EXPECT_THAT(runtime_.removed(), ::testing::Contains(run_id_));
  EXPECT_THAT(adopted_, IsEmpty());
}

TEST_F(ReaperTest, ADeadEnginesClaimOfAnEndedJobIsReleased) {
  claim_by(foreign_, kClaimGrace + 1s);
  ledger_.set_job(fakes::kJobId, JobState::ended);
  reap();
  EXPECT_FALSE(claims_.get(run_id_).value().has_value());
}

TEST_F(ReaperTest, ALivingEnginesClaimStays) {
  claim_by(foreign_);
  ledger_.set_job(fakes::kJobId, JobState::ended);
  reap();
  EXPECT_TRUE(claims_.get(run_id_).value().has_value());
}

TEST_F(ReaperTest, TheSandboxOfAnEndedJobIsRemoved) {
  leave_sandbox();
  ledger_.set_job(fakes::kJobId, JobState::ended);
  reap();
  EXPECT_THAT(runtime_.removed(), ElementsAre(run_id_));
}

TEST_F(ReaperTest, ASandboxWhoseTicketIsStillUnderWayStays) {
  leave_sandbox();
  reap();
  EXPECT_THAT(runtime_.removed(), IsEmpty());
}

TEST_F(ReaperTest, ACancellationThatWasNotHeardStopsTheRun) {
  const auto run = live_.add(ticket_, nullptr).run;
  ledger_.set_job(fakes::kJobId, JobState::cancelled);
  reap();
  EXPECT_EQ(run->stop_reason(), StopReason::unwanted);
}

TEST_F(ReaperTest, ABrokerThatDoesNotAnswerRemovesNothing) {
  leave_sandbox();
  ledger_.fail_with(Error{&errors::kUnavailable, "away"});
  reap();
  EXPECT_THAT(runtime_.removed(), IsEmpty());
}

TEST_F(ReaperTest, DataBeyondItsNumberIsRemoved) {
  runtime_.set_data({data("a", 1s), data("b", 2s), data("c", 3s)});
  reap();
  EXPECT_THAT(runtime_.removed_data(), ElementsAre("c"));
}

}  // namespace
}  // namespace podium::executor
