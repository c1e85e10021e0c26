// Which engine works on a run, in the key-value bucket `claims`: taken by compare-and-set, kept by
// beats, given up when the run's end has been told. Thread-safe; the claims themselves are values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/clock.hpp"
#include "podium/v1/search.pb.h"
#include "services/executor/run_decision.hpp"

namespace podium::executor {

/// A claim as it stands in the bucket.
struct HeldClaim {
  v1::RunClaim claim;
  std::uint64_t revision = 0;
};

class RunClaims {
 public:
  /// `bucket` must outlive it.
  RunClaims(KeyValue& bucket, Identity self) : bucket_{bucket}, self_{std::move(self)} {}

  Result<std::optional<HeldClaim>> get(std::string_view run_id);
  Result<std::vector<std::string>> run_ids();

  /// Makes the run ours: a new claim, or the one that was `seen` taken over. An engine that takes
  /// over from another counts one attempt up and has started nothing. CONFLICT when somebody else
  /// was faster.
  Result<HeldClaim> take(const v1::Event& ticket, const std::optional<HeldClaim>& seen,
                         TimePoint now);
  /// The three below change a claim of ours. CONFLICT when it is ours no more.
  Result<HeldClaim> note_started(HeldClaim held, TimePoint now);
  Result<HeldClaim> beat(HeldClaim held, TimePoint now);
  /// Leaves the run to the next executor of this engine, which need not wait for the grace.
  Result<HeldClaim> hand_back(HeldClaim held, TimePoint now);
  /// The run's end has been told: nobody works on it any more. Safe to repeat.
  Result<void> release(std::string_view run_id);
  /// The run was not begun after all; a claim that is somebody else's by now stays.
  Result<void> withdraw(std::string_view run_id);

  const Identity& self() const { return self_; }

 private:
  Result<HeldClaim> put(HeldClaim held);

  KeyValue& bucket_;
  const Identity self_;
};

}  // namespace podium::executor
