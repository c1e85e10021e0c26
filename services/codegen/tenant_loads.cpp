#include "services/codegen/tenant_loads.hpp"

#include <algorithm>
#include <set>

#include "services/codegen/search_state.hpp"

namespace podium::codegen {

void TenantLoads::observe(const v1::SearchState& state) {
  const std::scoped_lock lock{mutex_};
  if (has_ended(state)) {
    jobs_.erase(state.job_id());
  } else {
    jobs_.insert_or_assign(state.job_id(), Job{state.tenant(), open_runs(state)});
  }
}

v1::TenantLoad TenantLoads::load_of(std::string_view tenant) const {
  std::set<std::string_view> tenants;
  std::uint32_t runs = 0;
  std::uint32_t all_runs = 0;
  const std::scoped_lock lock{mutex_};
  for (const auto& [id, job] : jobs_) {
    tenants.insert(job.tenant);
    all_runs += job.runs;
    if (job.tenant == tenant) runs += job.runs;
  }
  v1::TenantLoad load;
  load.set_runs(runs);
  load.set_all_runs(all_runs);
  load.set_tenants(static_cast<std::uint32_t>(tenants.size()));
  return load;
}

std::uint32_t open_runs(const v1::SearchState& state) {
  return static_cast<std::uint32_t>(std::ranges::count(
      state.candidates(), v1::CANDIDATE_STEP_RUNNING, &v1::CandidateState::step));
}

}  // namespace podium::codegen
