// Stands by a running sandbox until it ends, its time is over, it is to stop, or it has vanished.
#pragma once

#include <stop_token>
#include <string>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "services/executor/outcome.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

struct Watched {
  WatchEnd why = WatchEnd::ended;
  SandboxState state;
  Usage usage;
};

/// How patient the watch is; tests make it hasty.
struct WatchTimes {
  std::chrono::milliseconds engine_away_max;
  std::chrono::milliseconds engine_retry_every;
};
WatchTimes usual_watch_times();

/// Kills the sandbox at `kill_at`; leaves it running when it is stopped. Never fails: an engine
/// that stays away for long after `kill_at` has lost the run.
Watched watch_run(SandboxRuntime& runtime, const std::string& run_id, TimePoint kill_at,
                  std::stop_token stop, const WatchTimes& times);

}  // namespace podium::executor
