// Clears what nobody wants any more, and takes up what nobody works on: sandboxes and claims of
// runs whose end has been told or whose job has ended, data volumes beyond their number, locks of
// fills that died, and our own engine's sandboxes that an executor left behind. Runs at the start
// and every kReapEvery. Everything it does is safe to repeat.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "services/executor/live_run.hpp"
#include "services/executor/ports.hpp"
#include "services/executor/run_claims.hpp"
#include "services/executor/run_decision.hpp"

namespace podium::executor {

/// What is known about a sandbox that this process does not work on.
struct SandboxFacts {
  bool executed = false;
  JobState job = JobState::open;
  ClaimHolder holder = ClaimHolder::nobody;
  TimePoint reap_after;
  TimePoint now;
};
/// True when nobody can want it any more.
bool may_be_reaped(const SandboxFacts& facts);

/// Which data volumes are to go: the unfinished, and the longest unused beyond the limits. The last
/// used one always stays.
std::vector<std::string> data_to_remove(std::vector<DataListing> data, std::size_t volumes_max,
                                        std::uint64_t bytes_max);

class Reaper {
 public:
  struct Parts {
    SandboxRuntime& runtime;
    RunLedger& ledger;
    RunClaims& claims;
    LiveRuns& live;
    /// Bucket `capacity`.
    KeyValue& capacity;
    /// Goes on with a run of ours that nobody works on; its claim holds the ticket.
    std::function<void(const v1::RunClaim& claim)> adopt;
    std::size_t data_volumes_max;
    std::uint64_t data_bytes_max;
  };
  explicit Reaper(Parts parts) : parts_{std::move(parts)} {}

  void run(std::stop_token stop);
  /// One round. What fails is logged and done in the next.
  void reap();

 private:
  Result<void> stop_unwanted();
  Result<void> tend_claims();
  Result<void> tend_claim(const std::string& run_id);
  Result<void> reap_sandboxes();
  Result<void> reap_sandbox(const SandboxListing& sandbox);
  Result<void> trim_data();
  Result<void> clear_helpers();

  Parts parts_;
};

}  // namespace podium::executor
