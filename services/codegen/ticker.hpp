// Brings time into the searches: watches the states of all jobs and ticks each when its `wake_at`
// has come. Any number of replicas may do so; compare-and-set makes it harmless. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/search.pb.h"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class Ticker {
 public:
  using OnDue = std::function<Result<void>(const std::string& job_id)>;

  Ticker(Clock& clock, OnDue on_due);

  /// A state as the watch tells it: schedules, moves or (ended) forgets the job.
  void observe(const v1::SearchState& state);

  /// Ticks what is due until `stop`; a tick that failed is tried again.
  Result<void> run(std::stop_token stop);

  /// The job that is due at `now`, rescheduled so that it is not due at once again; empty when
  /// none.
  std::string take_due(TimePoint now);

 private:
  void schedule(const std::string& job_id, TimePoint at);
  TimePoint next_due() const;

  Clock& clock_;
  OnDue on_due_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  /// Guarded by mutex_: ordered by time, and where each job stands in it.
  std::set<std::pair<TimePoint, std::string>> queue_;
  std::map<std::string, TimePoint> due_;
};

}  // namespace podium::codegen
