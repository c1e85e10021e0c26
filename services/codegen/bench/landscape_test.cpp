#include "services/codegen/bench/landscape.hpp"

#include <gtest/gtest.h>

#include <set>

namespace podium::codegen::bench {
namespace {

TEST(Landscape, NamesDiffer) {
  std::set<std::string_view> names;
  for (const auto& landscape : landscapes()) names.insert(landscape.name);
  EXPECT_EQ(names.size(), landscapes().size());
  EXPECT_GE(names.size(), 6U);
}

TEST(Landscape, AMixedOneDrawsAnewForEachJobAndTheSameForTheSameSeed) {
  const auto& mixed = landscapes().back();
  ASSERT_TRUE(mixed.mixed);
  std::set<std::uint32_t> budgets;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto drawn = landscape_of_job(mixed, seed);
    EXPECT_EQ(drawn.budget.seconds, landscape_of_job(mixed, seed).budget.seconds);
    budgets.insert(drawn.budget.seconds);
  }
  EXPECT_GT(budgets.size(), 1U);
}

}  // namespace
}  // namespace podium::codegen::bench
