// How many runs each tenant has open, over all its jobs: what fair shares between tenants are made
// of. Fed by the watch on the searches. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "podium/v1/search.pb.h"

namespace podium::codegen {

class TenantLoads {
 public:
  /// A state as the watch tells it; one that has ended is forgotten.
  void observe(const v1::SearchState& state);

  /// As far as the watch has told.
  v1::TenantLoad load_of(std::string_view tenant) const;

 private:
  struct Job {
    std::string tenant;
    std::uint32_t runs = 0;
  };

  mutable std::mutex mutex_;
  /// Guarded by mutex_: the open jobs by id.
  std::map<std::string, Job> jobs_;
};

/// Runs of the job that stand in the work queue or in a sandbox.
std::uint32_t open_runs(const v1::SearchState& state);

}  // namespace podium::codegen
