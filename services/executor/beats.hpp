// The signs of life of an executor: of its claims, of the tickets it holds, of what it can take.
#pragma once

#include <stop_token>

#include "libs/chassis/bus/bus.hpp"
#include "services/executor/live_run.hpp"
#include "services/executor/run_claims.hpp"
#include "services/executor/slots.hpp"

namespace podium::executor {

class Beats {
 public:
  /// All must outlive it; `capacity` is the bucket of that name.
  Beats(LiveRuns& live, RunClaims& claims, SlotAccount& slots, KeyValue& capacity);

  /// Beats every kBeatEvery until it is stopped.
  void run(std::stop_token stop);
  /// One beat. A run whose claim has become somebody else's is stopped as disowned.
  void beat();

 private:
  void beat_claim(LiveRun& run);
  Result<HeldClaim> beat_or_reclaim(const HeldClaim& held);
  void tell_capacity();

  LiveRuns& live_;
  RunClaims& claims_;
  SlotAccount& slots_;
  KeyValue& capacity_;
};

/// True when the executor of this name has told its capacity lately.
Result<bool> is_alive(KeyValue& capacity, std::string_view executor);

}  // namespace podium::executor
