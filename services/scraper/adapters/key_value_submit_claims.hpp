// SubmitClaims on the key-value bucket `submit_claims`. How old somebody's claim is, each process
// tells by its own clock, from the moment when it first saw it: clocks of hosts differ.
// Thread-safe.
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

  Result<bool> take(const std::string& job_id) override;
  Result<void> release(const std::string& job_id) override;

 private:
  std::unique_ptr<KeyValue> bucket_;
  std::string holder_;
  /// A claim as it was first seen.
  struct Seen {
    std::uint64_t revision = 0;
    Clock::time_point at;
  };
  /// Whether the claim of this revision was seen for less than its lease.
  bool may_live(const std::string& job_id, std::uint64_t revision);
  void note(const std::string& job_id, std::uint64_t revision);

  std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  /// By job. Guarded by mutex_; what is past its lease is forgotten with the next look.
  std::map<std::string, Seen> seen_;
};

}  // namespace podium::scraper
