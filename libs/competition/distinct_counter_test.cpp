#include "libs/competition/distinct_counter.hpp"

#include <string>

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

void add_numbers(DistinctCounter& counter, int from, int to) {
  for (int i = from; i < to; ++i) counter.add("value " + std::to_string(i));
}

TEST(DistinctCounter, IsExactUpToItsLimit) {
  DistinctBudget budget;
  DistinctCounter counter{1000, budget};
  add_numbers(counter, 0, 1000);
  add_numbers(counter, 0, 1000);
  EXPECT_EQ(counter.count(), 1000U);
  EXPECT_TRUE(counter.exact());
  EXPECT_FALSE(counter.all_differ());
}

TEST(DistinctCounter, EstimatesWithinFivePercentBeyondIt) {
  DistinctBudget budget;
  for (const int distinct : {1'500, 10'000, 300'000}) {
    DistinctCounter counter{1000, budget};
    add_numbers(counter, 0, distinct);
    add_numbers(counter, 0, distinct / 2);
    EXPECT_FALSE(counter.exact());
    EXPECT_NEAR(static_cast<double>(counter.count()), distinct, distinct * 0.05);
    EXPECT_FALSE(counter.all_differ());
  }
}

TEST(DistinctCounter, StaysExactForIdsThatNeverRepeat) {
  DistinctBudget budget;
  DistinctCounter counter{1000, budget};
  add_numbers(counter, 0, 200'000);
  EXPECT_TRUE(counter.all_differ());
  EXPECT_EQ(counter.count(), 200'000U);
  counter.add("value 7");
  EXPECT_FALSE(counter.all_differ());
  EXPECT_FALSE(counter.exact());
}

TEST(DistinctCounter, NeverTakesMoreThanTheBudgetAndGivesItBack) {
  DistinctBudget budget{.bytes_left = 100'000};
  DistinctCounter counter{1000, budget};
  add_numbers(counter, 0, 50'000);
  EXPECT_FALSE(counter.exact());
  EXPECT_EQ(budget.bytes_left, 100'000U);
  EXPECT_NEAR(static_cast<double>(counter.count()), 50'000, 2'500);
}

TEST(DistinctCounter, CountsNothingAsZero) {
  DistinctBudget budget;
  const DistinctCounter counter{10, budget};
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(HyperLogLog{}.estimate(), 0.0);
}

}  // namespace
}  // namespace podium::competition
