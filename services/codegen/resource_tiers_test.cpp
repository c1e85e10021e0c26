#include "services/codegen/resource_tiers.hpp"

#include <gtest/gtest.h>

#include "services/codegen/limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::uint64_t kGiB = 1ULL << 30U;

v1::Resources needs(std::uint32_t cpu_milli, std::uint64_t memory_bytes, std::uint32_t gpus = 0) {
  v1::Resources needs;
  needs.set_cpu_milli(cpu_milli);
  needs.set_memory_bytes(memory_bytes);
  needs.set_gpus(gpus);
  return needs;
}

TEST(ResourceTiers, TheSmallestThatHoldsTheNeedsIsGranted) {
  EXPECT_EQ(tier_for({}).name, "medium");
  EXPECT_EQ(tier_for(needs(500, kGiB)).name, "small");
  EXPECT_EQ(tier_for(needs(2'000, 4 * kGiB)).name, "medium");
  EXPECT_EQ(tier_for(needs(2'000, 4 * kGiB + 1)).name, "large");
  EXPECT_EQ(tier_for(needs(1'000, kGiB, 1)).name, "gpu");
}

TEST(ResourceTiers, NeedsBeyondEveryTierGetTheLargest) {
  EXPECT_EQ(tier_for(needs(64'000, 900 * kGiB)).name, "large");
  EXPECT_EQ(tier_for(needs(64'000, 900 * kGiB, 8)).name, "gpu");
}

TEST(ResourceTiers, AProgramMayStateItsTier) {
  EXPECT_EQ(needs_stated_in("# podium: large\nimport os\n").memory_bytes(), 16 * kGiB);
  EXPECT_EQ(needs_stated_in("\"\"\"A plan.\"\"\"\n# podium: small\n").cpu_milli(), 1'000U);
  EXPECT_EQ(needs_stated_in("# podium: gpu\n").gpus(), 0U) << "only a request asks for GPUs";
  EXPECT_EQ(needs_stated_in("print('# podium: large')\n").memory_bytes(), 0U);
  EXPECT_EQ(needs_stated_in("# podium: enormous\n").memory_bytes(), 0U);
}

TEST(ResourceTiers, EarlierRunsRaiseTheMemoryAndNeverLowerIt) {
  v1::EarlierJobs earlier;
  earlier.set_memory_peak_bytes(6 * kGiB);
  earlier.set_runs(2);
  EXPECT_EQ(needs_after(earlier, needs(2'000, kGiB)).memory_bytes(), kGiB) << "two runs are few";
  earlier.set_runs(3);
  EXPECT_EQ(needs_after(earlier, needs(2'000, kGiB)).memory_bytes(), 9 * kGiB);
  EXPECT_EQ(needs_after(earlier, needs(4'000, 16 * kGiB)).memory_bytes(), 16 * kGiB);
  EXPECT_EQ(tier_for(needs_after(earlier, {})).name, "large");
}

TEST(ResourceTiers, MoreMemoryIsAtLeastDoubleAndBounded) {
  EXPECT_EQ(more_memory_than(4 * kGiB), 16 * kGiB);
  EXPECT_EQ(more_memory_than(10 * kGiB), 20 * kGiB);
  EXPECT_EQ(more_memory_than(kRunMemoryBytesMax), kRunMemoryBytesMax);
}

}  // namespace
}  // namespace podium::codegen
