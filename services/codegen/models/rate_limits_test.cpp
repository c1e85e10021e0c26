#include "services/codegen/models/rate_limits.hpp"

#include <gtest/gtest.h>

namespace podium::codegen::models {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow = parse_rfc3339("2026-11-22T08:30:00Z").value();

TEST(GoDuration, HasHoursMinutesSecondsAndParts) {
  EXPECT_EQ(parse_go_duration("6m0s"), 360'000ms);
  EXPECT_EQ(parse_go_duration("1h2m3.5s"), 3'723'500ms);
  EXPECT_EQ(parse_go_duration("120ms"), 120ms);
  EXPECT_EQ(parse_go_duration("1s"), 1'000ms);
  EXPECT_EQ(parse_go_duration("750µs"), 0ms);
  EXPECT_EQ(parse_go_duration("20"), 20'000ms) << "some gateways write seconds";
}

TEST(GoDuration, RefusesWhatIsNone) {
  for (const auto* text : {"", "s", "1x", "m5", "-3s", "1..2s", "99999999h", "nan", "inf"}) {
    EXPECT_EQ(parse_go_duration(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, ReadsFractionsAndOffsets) {
  const auto whole = parse_rfc3339("2026-11-22T08:30:51Z");
  ASSERT_TRUE(whole);
  EXPECT_EQ(rfc3339(*whole), "2026-11-22T08:30:51.000Z");
  EXPECT_EQ(parse_rfc3339("2026-11-22T08:30:51.250Z"), *whole + 250ms);
  EXPECT_EQ(parse_rfc3339("2026-11-22T10:30:51+02:00"), whole);
  EXPECT_EQ(parse_rfc3339("2026-11-22"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("2026-11-22T08:30:51"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("2026-99-22T08:30:51Z"), std::nullopt);
}

TEST(RateLimits, ReadsAnthropicsTimesOfDay) {
  const RateLimits limits =
      read_rate_limits({{"anthropic-ratelimit-requests-limit", "50"},
                        {"anthropic-ratelimit-requests-remaining", "49"},
                        {"anthropic-ratelimit-requests-reset", "2026-11-22T08:30:02Z"},
                        {"anthropic-ratelimit-input-tokens-remaining", "40000"},
                        {"anthropic-ratelimit-input-tokens-reset", "2026-11-22T08:29:00Z"}},
                       kNow);
  EXPECT_EQ(limits.requests, (RateBudget{.limit = 50, .remaining = 49, .reset = 2'000ms}));
  EXPECT_EQ(limits.input_tokens.remaining, 40'000U);
  EXPECT_EQ(limits.input_tokens.reset, 0ms) << "what is past is full";
  EXPECT_EQ(limits.output_tokens, RateBudget{});
}

TEST(RateLimits, AWrongClockOfOursDoesNoHarm) {
  const RateLimits limits =
      read_rate_limits({{"date", "Sun, 22 Nov 2026 08:30:00 GMT"},
                        {"anthropic-ratelimit-tokens-reset", "2026-11-22T08:30:30Z"},
                        {"retry-after", "Sun, 22 Nov 2026 08:30:07 GMT"}},
                       kNow + 24h);
  EXPECT_EQ(limits.tokens.reset, 30'000ms);
  EXPECT_EQ(limits.retry_after, 7'000ms);
}

TEST(RateLimits, ReadsOpenAisDurations) {
  const RateLimits limits = read_rate_limits({{"x-ratelimit-limit-tokens", "150000"},
                                              {"x-ratelimit-remaining-tokens", "149984"},
                                              {"x-ratelimit-reset-tokens", "6m0s"},
                                              {"x-ratelimit-remaining-requests", "59"},
                                              {"x-ratelimit-reset-requests", "1s"}},
                                             kNow);
  EXPECT_EQ(limits.tokens,
            (RateBudget{.limit = 150'000, .remaining = 149'984, .reset = 360'000ms}));
  EXPECT_EQ(limits.requests, (RateBudget{.remaining = 59, .reset = 1'000ms}));
}

TEST(RateLimits, RetryAfterInMillisecondsGoesFirst) {
  EXPECT_EQ(read_rate_limits({{"retry-after", "2"}}, kNow).retry_after, 2'000ms);
  EXPECT_EQ(read_rate_limits({{"retry-after", "0.5"}}, kNow).retry_after, 500ms);
  const HttpHeaders both{{"retry-after", "2"}, {"retry-after-ms", "1500"}};
  EXPECT_EQ(read_rate_limits(both, kNow).retry_after, 1'500ms);
}

TEST(RateLimits, WhatCannotBeReadIsLeftOut) {
  EXPECT_EQ(read_rate_limits({{"retry-after", "soon"},
                              {"retry-after-ms", "-5"},
                              {"x-should-retry", "perhaps"},
                              {"x-ratelimit-limit-requests", "-1"},
                              {"x-ratelimit-reset-requests", "never"},
                              {"date", "today"}},
                             kNow),
            RateLimits{});
}

TEST(RateLimits, TheVendorMaySayWhetherToRepeat) {
  EXPECT_EQ(read_rate_limits({{"x-should-retry", "false"}}, kNow).should_retry, false);
  EXPECT_EQ(read_rate_limits({{"x-should-retry", "true"}}, kNow).should_retry, true);
}

}  // namespace
}  // namespace podium::codegen::models
