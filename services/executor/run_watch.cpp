#include "services/executor/run_watch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

using std::chrono::milliseconds;

class Watch {
 public:
  Watch(SandboxRuntime& runtime, const std::string& run_id, TimePoint kill_at, std::stop_token stop,
        const WatchTimes& times)
      : runtime_{runtime},
        run_id_{run_id},
        kill_at_{kill_at},
        give_up_at_{std::max(kill_at, now()) + times.engine_away_max},
        stop_{stop},
        times_{times} {}

  Watched run() {
    while (true) {
      if (stop_.stop_requested()) return end(WatchEnd::stopped);
      const auto ended = step();
      if (ended && *ended) return **ended;
      if (ended) continue;
      if (ended.error().is(errors::kNotFound)) return end(WatchEnd::lost);
      if (ended.error().is(errors::kStopped)) continue;
      note_away(ended.error());
      if (now() >= give_up_at_) return end(WatchEnd::lost);
      pause_for(times_.engine_retry_every, stop_);
    }
  }

 private:
  Watched end(WatchEnd why) { return {.why = why, .state = state_, .usage = usage_}; }

  /// Waits a while. What the watch saw when the sandbox has ended, nullopt when it goes on.
  Result<std::optional<Watched>> step() {
    if (now() >= kill_at_ && !killed_) PODIUM_TRY(kill());
    const bool ended = PODIUM_TRY(runtime_.wait(run_id_, next_wait(), stop_));
    if (ended) return look_at_the_end();
    if (killed_) return fail(errors::kTimeout, "the sandbox does not end although it was killed");
    away_ = false;
    measure();
    return std::nullopt;
  }

  /// Only what still runs: a sandbox that ended in time may be looked at late.
  Result<void> kill() {
    const auto state = PODIUM_TRY(runtime_.inspect(run_id_));
    if (state.phase != SandboxPhase::running) return {};
    log_info("a run is past its time and is killed", {{"run_id", run_id_}});
    PODIUM_TRY(runtime_.kill(run_id_));
    killed_ = true;
    return {};
  }

  /// Until the next look at usage, but not beyond the time to kill.
  milliseconds next_wait() {
    const auto wait = usage_every_;
    usage_every_ = std::min(2 * usage_every_, milliseconds{kUsageEveryMax});
    if (killed_) return kKillTimeMax;
    const auto left = std::chrono::ceil<milliseconds>(kill_at_ - now());
    return std::clamp(left, milliseconds{1}, wait);
  }

  void measure() {
    const auto usage = runtime_.usage(run_id_);
    if (!usage || !*usage) return;
    usage_.cpu_seconds = std::max(usage_.cpu_seconds, (*usage)->cpu_seconds);
    usage_.memory_peak_bytes = std::max(usage_.memory_peak_bytes, (*usage)->memory_peak_bytes);
  }

  /// nullopt when it has not ended after all: an engine that is going answers in a hurry.
  Result<std::optional<Watched>> look_at_the_end() {
    state_ = PODIUM_TRY(runtime_.inspect(run_id_));
    away_ = false;
    if (state_.phase == SandboxPhase::absent) return end(WatchEnd::lost);
    if (state_.phase == SandboxPhase::ended) {
      return end(killed_ ? WatchEnd::time_over : WatchEnd::ended);
    }
    pause_for(times_.engine_retry_every, stop_);
    return std::nullopt;
  }

  void note_away(const Error& error) {
    if (std::exchange(away_, true)) return;
    log_warning("the engine does not answer", {{"run_id", run_id_}, {"error", error.text()}});
  }

  SandboxRuntime& runtime_;
  const std::string& run_id_;
  const TimePoint kill_at_;
  /// When an engine that does not answer is no longer waited for.
  const TimePoint give_up_at_;
  const std::stop_token stop_;
  const WatchTimes& times_;
  SandboxState state_;
  Usage usage_;
  milliseconds usage_every_{kUsageEveryFirst};
  bool killed_ = false;
  bool away_ = false;
};

}  // namespace

WatchTimes usual_watch_times() {
  return {.engine_away_max = kEngineAwayMax, .engine_retry_every = kEngineRetryEvery};
}

Watched watch_run(SandboxRuntime& runtime, const std::string& run_id, TimePoint kill_at,
                  std::stop_token stop, const WatchTimes& times) {
  return Watch{runtime, run_id, kill_at, stop, times}.run();
}

}  // namespace podium::executor
