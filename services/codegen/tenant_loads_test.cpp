#include "services/codegen/tenant_loads.hpp"

#include <gtest/gtest.h>

namespace podium::codegen {
namespace {

v1::SearchState job_with(const std::string& id, const std::string& tenant, int runs) {
  v1::SearchState state;
  state.set_job_id(id);
  state.set_tenant(tenant);
  state.add_candidates()->set_step(v1::CANDIDATE_STEP_DRAFTING);
  for (int i = 0; i < runs; ++i) state.add_candidates()->set_step(v1::CANDIDATE_STEP_RUNNING);
  return state;
}

TEST(TenantLoads, CountTheRunsOfAllJobsOfATenant) {
  TenantLoads loads;
  loads.observe(job_with("a1", "a", 2));
  loads.observe(job_with("a2", "a", 3));
  loads.observe(job_with("b1", "b", 0));
  const auto load = loads.load_of("a");
  EXPECT_EQ(load.runs(), 5U);
  EXPECT_EQ(load.all_runs(), 5U);
  EXPECT_EQ(load.tenants(), 2U);
  EXPECT_EQ(loads.load_of("b").runs(), 0U);
}

TEST(TenantLoads, TheLatestStateOfAJobCounts) {
  TenantLoads loads;
  loads.observe(job_with("a1", "a", 4));
  loads.observe(job_with("a1", "a", 1));
  EXPECT_EQ(loads.load_of("a").runs(), 1U);
}

TEST(TenantLoads, AnEndedJobIsForgotten) {
  TenantLoads loads;
  loads.observe(job_with("a1", "a", 4));
  auto ended = job_with("a1", "a", 4);
  ended.set_phase(v1::SEARCH_PHASE_ENDED);
  loads.observe(ended);
  EXPECT_EQ(loads.load_of("a").tenants(), 0U);
  EXPECT_EQ(loads.load_of("a").all_runs(), 0U);
}

}  // namespace
}  // namespace podium::codegen
