#include "services/executor/adapters/bus_run_ledger.hpp"

#include <gtest/gtest.h>

#include "podium/v1/search.pb.h"

namespace podium::executor {
namespace {

TEST(JobState, FollowsTheSearch) {
  v1::SearchState state;
  state.set_phase(v1::SEARCH_PHASE_SEARCHING);
  EXPECT_EQ(read_job_state(state.SerializeAsString()).value(), JobState::open);
  state.set_cancelled(true);
  EXPECT_EQ(read_job_state(state.SerializeAsString()).value(), JobState::cancelled);
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  EXPECT_EQ(read_job_state(state.SerializeAsString()).value(), JobState::ended);
}

TEST(JobState, BytesThatAreNoSearchAreAnError) {
  EXPECT_FALSE(read_job_state("\xff\xff\xff").has_value());
}

}  // namespace
}  // namespace podium::executor
