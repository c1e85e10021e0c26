#include "services/codegen/search_memory.hpp"

#include <gtest/gtest.h>

#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

void add_done(v1::SearchState& state, double score) {
  auto& one = *state.add_candidates();
  one.set_id("c" + std::to_string(state.candidates_size()));
  one.set_step(v1::CANDIDATE_STEP_DONE);
  one.set_accepted(true);
  one.mutable_score()->set_value(score);
  one.mutable_score()->set_higher_is_better(true);
}

TEST(SearchMemory, OpenCandidatesAreNotTold) {
  auto state = initial_state(requested());
  add_done(state, 0.5);
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_RUNNING);
  ASSERT_EQ(tried_so_far(state, {}).size(), 1);
  EXPECT_EQ(tried_so_far(state, {})[0].candidate_id(), "c1");
}

TEST(SearchMemory, TheBestIsToldHoweverOldItIs) {
  auto state = initial_state(requested());
  add_done(state, 0.9);
  for (int at = 0; at < 90; ++at) add_done(state, 0.1);
  const auto tried = tried_so_far(state, {});
  EXPECT_EQ(tried[0].candidate_id(), "c1");
  EXPECT_EQ(tried[tried.size() - 1].candidate_id(), "c91");
  EXPECT_LE(static_cast<std::size_t>(tried.size()), kTriedBestMax + kTriedNewestMax);
}

TEST(SearchMemory, CapsThatAreNotSetAreZeroAndThoseThatAreSetShrink) {
  v1::JobOptions options;
  options.set_tokens_max(1'000);
  auto state = initial_state(requested(options));
  state.set_tokens(400);
  EXPECT_EQ(budget_left(state).tokens(), 600U);
  EXPECT_EQ(budget_left(state).cost_micro_usd(), 0);
}

}  // namespace
}  // namespace podium::codegen
