#include "services/executor/slots.hpp"

#include <gtest/gtest.h>

namespace podium::executor {
namespace {

constexpr std::uint64_t kGigabyte = 1ULL << 30;
const Capacity kFour{
    .slots = 4, .cpu_milli = 8000, .run_cpu_milli_max = 8000, .memory_bytes = 16 * kGigabyte};

v1::RunLimits limits_of(std::uint32_t cpu_milli, std::uint64_t memory_bytes) {
  v1::RunLimits limits;
  limits.set_cpu_milli(cpu_milli);
  limits.set_memory_bytes_max(memory_bytes);
  return limits;
}

TEST(SlotAccount, TakesUntilTheSlotsAreGone) {
  SlotAccount account{kFour};
  for (int run = 0; run < 4; ++run) EXPECT_TRUE(account.try_take(limits_of(100, kGigabyte)));
  EXPECT_FALSE(account.try_take(limits_of(100, kGigabyte)));
  EXPECT_FALSE(account.has_room());
}

TEST(SlotAccount, RefusesWhatTheMemoryDoesNotHold) {
  SlotAccount account{kFour};
  EXPECT_TRUE(account.try_take(limits_of(1000, 10 * kGigabyte)));
  EXPECT_FALSE(account.try_take(limits_of(1000, 7 * kGigabyte)));
  EXPECT_TRUE(account.try_take(limits_of(1000, 6 * kGigabyte)));
}

TEST(SlotAccount, ScratchSpaceCountsAsMemory) {
  SlotAccount account{kFour};
  auto limits = limits_of(1000, 8 * kGigabyte);
  limits.set_scratch_bytes_max(8 * kGigabyte);
  EXPECT_TRUE(account.try_take(limits));
  EXPECT_EQ(account.free().memory_bytes, 0U);
}

TEST(SlotAccount, ALargeRunLeavesNoRoomForAUsualOne) {
  SlotAccount account{kFour};
  EXPECT_TRUE(account.try_take(limits_of(7000, kGigabyte)));
  EXPECT_FALSE(account.has_room());
}

TEST(SlotAccount, AloneARunAlwaysFits) {
  SlotAccount account{kFour};
  EXPECT_TRUE(account.try_take(limits_of(9000, 64 * kGigabyte)));
}

TEST(SlotAccount, GivingBackMakesRoomAgain) {
  SlotAccount account{kFour};
  const auto limits = limits_of(8000, 16 * kGigabyte);
  EXPECT_TRUE(account.try_take(limits));
  account.give_back(limits);
  EXPECT_EQ(account.free().slots, 4);
  EXPECT_EQ(account.free().cpu_milli, 8000U);
  EXPECT_TRUE(account.has_room());
}

TEST(SlotAccount, AnAdoptedRunMayOverdrawAndIsPaidBack) {
  SlotAccount account{kFour};
  const auto limits = limits_of(8000, 16 * kGigabyte);
  account.take(limits);
  account.take(limits);
  EXPECT_EQ(account.free().cpu_milli, 0U);
  account.give_back(limits);
  EXPECT_FALSE(account.has_room());
  account.give_back(limits);
  EXPECT_TRUE(account.has_room());
}

}  // namespace
}  // namespace podium::executor
