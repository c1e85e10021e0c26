// SubmitClaims on the key-value bucket `submit_claims`. How old a claim is, each process tells by
// its own clock, from the moment when it first saw it: clocks of hosts differ. That moment comes
// after a look into Kaggle's list, so that a time in which Kaggle told nobody anything counts for
// nothing. Every change is a compare-and-set: who was overtaken notices. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

class KeyValueSubmitClaims final : public SubmitClaims {
 public:
  using Clock = std::chrono::steady_clock;
  /// `holder` names this process, for people who look into the bucket.
  KeyValueSubmitClaims(std::unique_ptr<KeyValue> bucket, std::string holder,
                       std::function<Clock::time_point()> now = Clock::now);

  Result<bool> is_free(const std::string& job_id) override;
  Result<std::optional<SubmitTurn>> take(const std::string& job_id) override;
  Result<void> begin_call(SubmitTurn& turn) override;
  Result<void> release(const SubmitTurn& turn) override;

 private:
  /// A claim as it was first seen.
  struct Seen {
    std::uint64_t revision = 0;
    Clock::time_point at;
  };
  /// Whether a claim keeps others from the turn.
  bool is_held(const KeyValue::Entry& entry);
  /// For how long the claim of this revision has been seen.
  Clock::duration seen_for(const std::string& job_id, std::uint64_t revision);

  std::unique_ptr<KeyValue> bucket_;
  std::string holder_;
  std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  /// By job. Guarded by mutex_; what has been seen for two of the longest times is forgotten.
  std::map<std::string, Seen> seen_;
};

}  // namespace podium::scraper
