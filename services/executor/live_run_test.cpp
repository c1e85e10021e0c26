#include "services/executor/live_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class LiveRunsTest : public ::testing::Test {
 protected:
  LiveRuns::Added add(std::uint64_t deliveries = 1) {
    return runs_.add(ticket_, std::make_unique<fakes::FakeDelivery>(settled_, "", "", deliveries));
  }
  const v1::Event ticket_ = fakes::make_ticket();
  fakes::Settled settled_;
  LiveRuns runs_;
};

TEST_F(LiveRunsTest, ATicketThatComesAgainJoinsTheRunThatGoesOn) {
  const auto first = add();
  const auto second = add(2);
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(first.run, second.run);
  EXPECT_EQ(first.run->deliveries(), 2U);
}

TEST_F(LiveRunsTest, AllTicketsOfARunAreSettledAtItsEnd) {
  const auto run = add().run;
  add();
  runs_.finish(*run, {.kind = Settlement::Kind::acknowledge, .delay = {}, .reason = {}});
  EXPECT_EQ(settled_.acknowledged, 2);
  EXPECT_FALSE(runs_.contains(run->run_id()));
}

TEST_F(LiveRunsTest, HandingBackTellsTheDelay) {
  runs_.finish(*add().run, {.kind = Settlement::Kind::hand_back, .delay = 500ms, .reason = {}});
  EXPECT_THAT(settled_.handed_back, ElementsAre(500ms));
}

TEST_F(LiveRunsTest, TerminatingTellsTheReason) {
  runs_.finish(*add().run, {.kind = Settlement::Kind::terminate, .delay = {}, .reason = "broken"});
  EXPECT_THAT(settled_.terminated, ElementsAre("broken"));
}

TEST_F(LiveRunsTest, AJobsEndStopsItsRunsOnly) {
  const auto run = add().run;
  runs_.stop_job("another-job", StopReason::unwanted);
  EXPECT_FALSE(run->stop_token().stop_requested());
  runs_.stop_job(fakes::kJobId, StopReason::unwanted);
  EXPECT_TRUE(run->stop_token().stop_requested());
  EXPECT_EQ(run->stop_reason(), StopReason::unwanted);
}

TEST_F(LiveRunsTest, AWeightierReasonReplacesALighterOne) {
  const auto run = add().run;
  run->stop(StopReason::draining);
  run->stop(StopReason::unwanted);
  run->stop(StopReason::draining);
  EXPECT_EQ(run->stop_reason(), StopReason::unwanted);
}

TEST_F(LiveRunsTest, WhatIsAddedAfterClosingIsStoppedAtOnce) {
  runs_.close();
  EXPECT_EQ(add().run->stop_reason(), StopReason::draining);
}

TEST_F(LiveRunsTest, BeatsReachEveryTicket) {
  const auto run = add().run;
  add();
  run->beat_deliveries();
  EXPECT_EQ(settled_.beats, 2);
}

}  // namespace
}  // namespace podium::executor
