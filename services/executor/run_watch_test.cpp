#include "services/executor/run_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/executor/errors.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RunWatchTest : public ::testing::Test {
 protected:
  RunWatchTest() { set_phase(SandboxPhase::running); }
  void set_phase(SandboxPhase phase) {
    SandboxState state;
    state.phase = phase;
    runtime_.set_state("run-1", state);
  }
  Watched watch(TimePoint kill_at) {
    return watch_run(runtime_, "run-1", kill_at, stop_.get_token(),
                     {.engine_away_max = 1ms, .engine_retry_every = 1ms});
  }
  static TimePoint later() { return std::chrono::system_clock::now() + 1h; }

  fakes::FakeRuntime runtime_;
  std::stop_source stop_;
};

TEST_F(RunWatchTest, TheEndOfTheSandboxIsTheEndOfTheWatch) {
  std::jthread ends{[this] { set_phase(SandboxPhase::ended); }};
  EXPECT_EQ(watch(later()).why, WatchEnd::ended);
}

TEST_F(RunWatchTest, PastItsTimeItIsKilled) {
  EXPECT_EQ(watch(std::chrono::system_clock::now() + 20ms).why, WatchEnd::time_over);
  EXPECT_THAT(runtime_.killed(), ElementsAre("run-1"));
}

TEST_F(RunWatchTest, OneThatEndedInTimeIsNotTimedOutBecauseItIsLookedAtLate) {
  set_phase(SandboxPhase::ended);
  EXPECT_EQ(watch(std::chrono::system_clock::now() - 1h).why, WatchEnd::ended);
  EXPECT_THAT(runtime_.killed(), IsEmpty());
}

TEST_F(RunWatchTest, WhatItUsedIsMeasuredWhileItRuns) {
  const auto watched = watch(std::chrono::system_clock::now() + 600ms);
  EXPECT_DOUBLE_EQ(watched.usage.cpu_seconds, 1.5);
  EXPECT_EQ(watched.usage.memory_peak_bytes, 100U);
}

TEST_F(RunWatchTest, StoppedItLeavesTheSandboxRunning) {
  std::jthread stops{[this] { stop_.request_stop(); }};
  EXPECT_EQ(watch(later()).why, WatchEnd::stopped);
  EXPECT_THAT(runtime_.killed(), IsEmpty());
}

TEST_F(RunWatchTest, AVanishedSandboxIsLost) {
  std::jthread removes{[this] { EXPECT_TRUE(runtime_.remove("run-1").has_value()); }};
  EXPECT_EQ(watch(later()).why, WatchEnd::lost);
}

TEST_F(RunWatchTest, AnEngineThatComesBackIsWaitedFor) {
  runtime_.fail_with(Error{&kSandboxUnavailable, "away"});
  std::jthread returns{[this] {
    runtime_.fail_with(std::nullopt);
    set_phase(SandboxPhase::ended);
  }};
  EXPECT_EQ(watch(later()).why, WatchEnd::ended);
}

TEST_F(RunWatchTest, AnEngineThatStaysAwayPastTheRunsTimeHasLostIt) {
  runtime_.fail_with(Error{&kSandboxUnavailable, "away"});
  EXPECT_EQ(watch(std::chrono::system_clock::now() + 20ms).why, WatchEnd::lost);
}

}  // namespace
}  // namespace podium::executor
