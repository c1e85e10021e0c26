#include "libs/chassis/retry_delay.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace podium {
namespace {

using namespace std::chrono_literals;

constexpr RetryDelays kDelays{.first = 250ms, .longest = 30s};

TEST(RetryDelay, DoublesFromTheFirstToTheLongest) {
  EXPECT_EQ(retry_delay(1, kDelays, 0), 250ms);
  EXPECT_EQ(retry_delay(2, kDelays, 0), 500ms);
  EXPECT_EQ(retry_delay(3, kDelays, 0), 1000ms);
  EXPECT_EQ(retry_delay(7, kDelays, 0), 16'000ms);
  EXPECT_EQ(retry_delay(8, kDelays, 0), 30'000ms);
  EXPECT_EQ(retry_delay(std::numeric_limits<std::uint64_t>::max(), kDelays, 0), 30s);
}

TEST(RetryDelay, GrowsWhateverTheChance) {
  for (std::uint64_t deliveries = 1; deliveries < 7; ++deliveries) {
    EXPECT_LT(retry_delay(deliveries, kDelays, 0), retry_delay(deliveries + 1, kDelays, 0.999))
        << deliveries;
  }
}

TEST(RetryDelay, IsSpreadOverAQuarter) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_LE(retry_delay(3, kDelays), 1000ms);
    EXPECT_GE(retry_delay(3, kDelays), 750ms);
  }
}

TEST(RetryDelay, AStageMayHaveDelaysOfItsOwn) {
  constexpr RetryDelays kSlow{.first = 2s, .longest = 1h};
  EXPECT_EQ(retry_delay(1, kSlow, 0), 2s);
  EXPECT_EQ(retry_delay(11, kSlow, 0), 2'048s);
  EXPECT_EQ(retry_delay(12, kSlow, 0), 1h);
}

TEST(RetryDelay, AnEventThatWasNeverDeliveredWaitsAsTheFirst) {
  EXPECT_EQ(retry_delay(0, kDelays, 0), 250ms);
}

}  // namespace
}  // namespace podium
