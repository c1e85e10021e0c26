#include "services/codegen/bench/comparison.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/codegen/bench/ablations.hpp"
#include "services/codegen/bench/report.hpp"

namespace podium::codegen::bench {
namespace {

Comparison small() {
  Comparison comparison{.workers = {1, 4}, .jobs = 3};
  comparison.landscapes = {landscapes().front()};
  const auto known = search_policies();
  comparison.policies = {known.begin(), known.end()};
  return comparison;
}

TEST(Comparison, MeanAndStandardErrorAreThoseOfTheTextbook) {
  const auto mean = mean_of({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(mean.value, 2.5);
  EXPECT_NEAR(mean.standard_error, 0.6455, 1e-4);
  EXPECT_EQ(mean_of({5}).standard_error, 0);
}

TEST(Comparison, EachCombinationIsMeasuredInTheOrderGiven) {
  const auto cells = compare(small());
  ASSERT_EQ(cells.size(), 2 * search_policies().size());
  EXPECT_EQ(cells.front().workers, 1U);
  EXPECT_EQ(cells.front().policy, kDefaultPolicy);
  EXPECT_EQ(cells.back().workers, 4U);
}

TEST(Comparison, TheSameSeedsGiveTheSameFigures) {
  EXPECT_EQ(json_of(compare(small())), json_of(compare(small())));
}

TEST(Comparison, OtherSeedsGiveOtherFigures) {
  auto other = small();
  other.first_seed = 1'000;
  EXPECT_NE(json_of(compare(small())), json_of(compare(other)));
}

TEST(Comparison, TablesHaveALineForEachCombination) {
  const auto cells = compare(small());
  for (const auto& text : {table_of(cells), speed_table_of(cells)}) {
    EXPECT_EQ(std::ranges::count(text, '\n'), static_cast<std::ptrdiff_t>(cells.size() + 1));
  }
  EXPECT_EQ(nlohmann::json::parse(json_of(cells)).size(), cells.size());
}

TEST(Comparison, AblationsBeginWithTheWholePolicy) {
  EXPECT_EQ(ablations().front().name, kDefaultPolicy);
}

}  // namespace
}  // namespace podium::codegen::bench
