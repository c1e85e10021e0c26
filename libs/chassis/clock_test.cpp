#include "libs/chassis/clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace podium {
namespace {

using namespace std::chrono_literals;

TEST(Clock, KeepsTimesThroughProtobuf) {
  const TimePoint time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 8h + 30min + 51s +
                       123456us};
  EXPECT_EQ(from_proto(to_proto(time)), time);
  EXPECT_EQ(to_proto(time).nanos(), 123'456'000);
  EXPECT_EQ(rfc3339(time), "2026-11-22T08:30:51.123Z");
}

TEST(Clock, KeepsTimesBeforeTheEpoch) {
  const TimePoint time{-1500ms};
  EXPECT_EQ(from_proto(to_proto(time)), time);
  EXPECT_GE(to_proto(time).nanos(), 0);
  EXPECT_EQ(rfc3339(time), "1969-12-31T23:59:58.500Z");
}

TEST(PauseFor, LastsItsTime) {
  const auto started = std::chrono::steady_clock::now();
  EXPECT_TRUE(pause_for(20ms, std::stop_token{}));
  EXPECT_GE(std::chrono::steady_clock::now() - started, 20ms);
}

TEST(PauseFor, EndsAtOnceWhenAStopWasAskedForBefore) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(pause_for(24h, source.get_token()));
}

TEST(PauseFor, EndsWhenAStopIsAskedForMeanwhile) {
  bool passed = true;
  {
    const std::jthread pausing{[&passed](std::stop_token stop) { passed = pause_for(24h, stop); }};
  }
  EXPECT_FALSE(passed);
}

}  // namespace
}  // namespace podium
