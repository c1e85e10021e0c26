#include "libs/chassis/http/http_time.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

const TimePoint kNow = sys_days{std::chrono::year{2026} / 11 / 22} + 8h + 30min;

TEST(HttpTime, DatesAreThoseOfTheStandard) {
  EXPECT_EQ(parse_http_date("Sun, 22 Nov 2026 08:30:00 GMT"), kNow);
  EXPECT_EQ(parse_http_date("22 Nov 2026"), std::nullopt);
  EXPECT_EQ(parse_http_date(""), std::nullopt);
}

TEST(HttpTime, RetryAfterIsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("7", kNow), 7s);
  EXPECT_EQ(parse_retry_after("0.5", kNow), 500ms);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 08:30:20 GMT", kNow), 20s);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 08:00:00 GMT", kNow), 0s) << "it is over";
  EXPECT_EQ(parse_retry_after("Tue, 22 Nov 2033 08:30:20 GMT", kNow), 24h);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 9999 08:30:20 GMT", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 0026 08:30:20 GMT", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("-3", kNow), 0s);
  EXPECT_EQ(parse_retry_after("1e300", kNow), 24h);
  EXPECT_EQ(parse_retry_after("nan", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("soon", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("", kNow), std::nullopt);
}

}  // namespace
}  // namespace podium
