#include "services/scraper/phase_rate.hpp"

#include <gtest/gtest.h>

#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;

constexpr PhaseRate::Clock::time_point kBegin{};

TEST(PhaseRate, IsThatOfTheLastWindow) {
  PhaseRate rate;
  EXPECT_EQ(rate.add(kFetching, 0, kBegin), 0U);
  EXPECT_EQ(rate.add(kFetching, 1'000, kBegin + 9s), 0U) << "the first of it has come only now";
  EXPECT_EQ(rate.add(kFetching, 4'000'000, kBegin + 10s), 3'999'000U);
  EXPECT_EQ(rate.add(kFetching, 6'000'000, kBegin + 12s), 1'000'000U);
}

TEST(PhaseRate, AShortTimeTellsNothingNew) {
  PhaseRate rate;
  rate.add(kFetching, 10, kBegin);
  EXPECT_EQ(rate.add(kFetching, 1'000, kBegin + kRateWindow / 2), 0U);
  const auto full = rate.add(kFetching, 2'010, kBegin + kRateWindow);
  EXPECT_GT(full, 0U);
  EXPECT_EQ(rate.add(kFetching, 900'000, kBegin + kRateWindow), full);
}

TEST(PhaseRate, AnotherPhaseAndOneBegunAnewStartWithoutARate) {
  PhaseRate rate;
  rate.add(kFetching, 10, kBegin);
  EXPECT_GT(rate.add(kFetching, 5'000, kBegin + 2s), 0U);
  EXPECT_EQ(rate.add(kUnpacking, 9'000, kBegin + 4s), 0U);
  EXPECT_EQ(rate.add(kUnpacking, 1'000, kBegin + 6s), 0U);
  EXPECT_EQ(rate.add(kUnpacking, 3'000, kBegin + 8s), 1'000U);
}

TEST(PhaseRate, WhatStandsStillHasNone) {
  PhaseRate rate;
  rate.add(kFetching, 10, kBegin);
  EXPECT_GT(rate.add(kFetching, 5'000, kBegin + 2s), 0U);
  EXPECT_EQ(rate.add(kFetching, 5'000, kBegin + 4s), 0U);
}

}  // namespace
}  // namespace podium::scraper
