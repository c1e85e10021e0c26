#include "services/codegen/models/pace.hpp"

#include <gtest/gtest.h>

namespace podium::codegen::models {
namespace {

using namespace std::chrono_literals;

const SteadyTime kStart{1h};

RateLimits requests(std::uint64_t limit, std::uint64_t remaining, std::chrono::milliseconds reset) {
  return {.requests = {.limit = limit, .remaining = remaining, .reset = reset}};
}

// A pace whose first answer brought these headers.
Pace told(const RateLimits& rates) {
  Pace pace{8};
  pace.end(pace.begin(0, kStart), rates, std::nullopt, kStart);
  return pace;
}

TEST(Pace, WithoutHeadersOnlyPlacesCount) {
  Pace pace{2};
  EXPECT_EQ(pace.wait(1'000'000, kStart), 0ms);
  const auto first = pace.begin(1, kStart);
  pace.begin(1, kStart);
  EXPECT_EQ(pace.wait(1, kStart), std::nullopt);
  pace.end(first, {}, std::nullopt, kStart);
  EXPECT_EQ(pace.wait(1, kStart), 0ms);
}

TEST(Pace, WhatIsUsedUpFillsItselfEvenly) {
  const Pace pace = told(requests(10, 0, 10s));
  EXPECT_EQ(pace.wait(1, kStart), 1'000ms);
  EXPECT_EQ(pace.wait(1, kStart + 500ms), 500ms);
  EXPECT_EQ(pace.wait(1, kStart + 1s), 0ms);
}

TEST(Pace, WithoutALimitTheResetIsWaitedFor) {
  const Pace pace = told({.requests = {.remaining = 0, .reset = 10s}});
  EXPECT_EQ(pace.wait(1, kStart + 4s), 6'000ms);
  EXPECT_EQ(pace.wait(1, kStart + 10s), 0ms);
}

TEST(Pace, ALongPromptWaitsForItsTokens) {
  const Pace pace = told({.input_tokens = {.limit = 1'000, .remaining = 100, .reset = 9'000ms}});
  EXPECT_EQ(pace.wait(100, kStart), 0ms);
  EXPECT_EQ(pace.wait(400, kStart), 3'000ms);
  EXPECT_EQ(pace.wait(50'000, kStart), 9'000ms) << "more than the limit waits until it is full";
}

TEST(Pace, CallsThatBeginTakeTheirPart) {
  Pace pace = told(requests(2, 2, 60s));
  pace.begin(1, kStart);
  EXPECT_EQ(pace.wait(1, kStart), 0ms);
  pace.begin(1, kStart);
  EXPECT_GT(pace.wait(1, kStart), 0ms);
}

TEST(Pace, HeadersDoNotCountWhatBeganLater) {
  Pace pace{8};
  const auto first = pace.begin(1, kStart);
  pace.begin(1, kStart);
  pace.begin(1, kStart);
  pace.end(first, requests(100, 2, 60s), std::nullopt, kStart);
  EXPECT_GT(pace.wait(1, kStart), 0ms) << "the two that are left are under way";
}

TEST(Pace, HeadersWithoutAResetChangeNothing) {
  EXPECT_EQ(told({.requests = {.limit = 10, .remaining = 0}}).wait(1, kStart), 0ms);
}

TEST(Pace, AfterAThrottleNoneBeginsForSoLong) {
  Pace pace{8};
  pace.end(pace.begin(1, kStart), {}, 5s, kStart);
  EXPECT_EQ(pace.wait(1, kStart + 2s), 3'000ms);
  EXPECT_EQ(pace.wait(1, kStart + 5s), 0ms);
}

// How many calls may begin now.
int places(Pace pace, SteadyTime now) {
  int count = 0;
  for (; pace.wait(1, now) == 0ms; ++count) pace.begin(1, now);
  return count;
}

TEST(Pace, AThrottleHalvesThePlacesOnceAndAnswersBringThemBack) {
  Pace pace{8};
  std::vector<std::uint64_t> calls;
  for (int i = 0; i < 8; ++i) calls.push_back(pace.begin(1, kStart));
  for (const auto call : calls) pace.end(call, {}, 1s, kStart);
  const SteadyTime later = kStart + 1s;
  EXPECT_EQ(places(pace, later), 4) << "all eight began before it was known";
  pace.end(pace.begin(1, later), {}, std::nullopt, later);
  EXPECT_EQ(places(pace, later), 5);
  for (int i = 0; i < 10; ++i) pace.end(pace.begin(1, later), {}, std::nullopt, later);
  EXPECT_EQ(places(pace, later), 8);
}

TEST(Pace, OnePlaceAlwaysStays) {
  Pace pace{2};
  for (int i = 0; i < 5; ++i) pace.end(pace.begin(1, kStart), {}, 1ms, kStart);
  EXPECT_EQ(places(pace, kStart + 1s), 1);
}

}  // namespace
}  // namespace podium::codegen::models
