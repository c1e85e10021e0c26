#include "services/executor/turns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

using testing::ElementsAre;

TEST(Turns, AQueueIsNamedAsTheSetUpStepMadeIt) {
  EXPECT_EQ((Turns::Queue{"cpu", 2}.durable()), "executor-cpu-2");
}

TEST(Turns, EachOrderHoldsEveryQueueOnce) {
  Turns turns{{"cpu", "memory"}};
  std::map<std::string, int> seen;
  for (const auto& queue : turns.order()) ++seen[queue.durable()];
  EXPECT_EQ(seen.size(), 8U);
  for (const auto& [name, times] : seen) EXPECT_EQ(times, 1) << name;
}

TEST(Turns, InOneRoundEachBandIsFirstAsOftenAsItsWeight) {
  Turns turns{{"cpu"}};
  std::map<int, int> first;
  for (int turn = 0; turn < 15; ++turn, turns.taken()) ++first[turns.order().front().band];
  EXPECT_THAT(first,
              ElementsAre(std::pair{0, 8}, std::pair{1, 4}, std::pair{2, 2}, std::pair{3, 1}));
}

TEST(Turns, WithoutATakenTicketTheTurnStays) {
  Turns turns{{"cpu"}};
  EXPECT_EQ(turns.order().front().band, turns.order().front().band);
  EXPECT_EQ(turns.order().front().band, 0);
}

TEST(Turns, ClassesOfOneBandTakeTurns) {
  Turns turns{{"cpu", "memory"}};
  const auto before = turns.order().front().resource_class;
  turns.taken();
  EXPECT_NE(turns.order().front().resource_class, before);
}

}  // namespace
}  // namespace podium::executor
