#include "services/executor/run_watch.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "libs/chassis/log.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

using std::chrono::milliseconds;

TimePoint now() {
  return std::chrono::system_clock::now();
}

void pause(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock{mutex};
  changed.wait_for(lock, stop, time, [] { return false; });
}

class Watch {
 public:
  Watch(SandboxRuntime& runtime, const std::string& run_id, TimePoint kill_at, std::stop_token stop,
        const WatchTimes& times)
      : runtime_{runtime}, run_id_{run_id}, kill_at_{kill_at}, stop_{stop}, times_{times} {}

  Watched run() {
    while (true) {
      if (stop_.stop_requested()) return end(WatchEnd::stopped);
      if (now() >= kill_at_ && !killed_) killed_ = kill();
      const auto waited = runtime_.wait(run_id_, next_wait(), stop_);
      if (waited && *waited) {
        if (const auto ended = look_at_the_end()) return *ended;
      } else if (waited) {
        note_answer();
        measure();
      } else if (waited.error().is(errors::kNotFound)) {
        return end(WatchEnd::lost);
      } else if (!waited.error().is(errors::kStopped)) {
        if (is_away_for_too_long(waited.error())) return end(WatchEnd::lost);
        pause(times_.engine_retry_every, stop_);
      }
    }
  }

 private:
  Watched end(WatchEnd why) { return {.why = why, .state = state_, .usage = usage_}; }

  bool kill() {
    log_info("a run is past its time and is killed", {{"run_id", run_id_}});
    return runtime_.kill(run_id_).has_value();
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

  /// nullopt when it has not ended after all, or the engine went away between two questions.
  std::optional<Watched> look_at_the_end() {
    const auto state = runtime_.inspect(run_id_);
    if (!state) {
      if (is_away_for_too_long(state.error())) return end(WatchEnd::lost);
      pause(times_.engine_retry_every, stop_);
      return std::nullopt;
    }
    note_answer();
    state_ = *state;
    if (state_.phase == SandboxPhase::absent) return end(WatchEnd::lost);
    if (state_.phase != SandboxPhase::ended) {
      pause(times_.engine_retry_every, stop_);
      return std::nullopt;
    }
    return end(killed_ ? WatchEnd::time_over : WatchEnd::ended);
  }

  void note_answer() { away_since_.reset(); }

  bool is_away_for_too_long(const Error& error) {
    if (!away_since_) {
      log_warning("the engine does not answer", {{"run_id", run_id_}, {"error", error.text()}});
      away_since_ = std::chrono::steady_clock::now();
    }
    return now() >= kill_at_ &&
           std::chrono::steady_clock::now() - *away_since_ > times_.engine_away_max;
  }

  SandboxRuntime& runtime_;
  const std::string& run_id_;
  const TimePoint kill_at_;
  const std::stop_token stop_;
  const WatchTimes& times_;
  SandboxState state_;
  Usage usage_;
  milliseconds usage_every_{kUsageEveryFirst};
  bool killed_ = false;
  std::optional<std::chrono::steady_clock::time_point> away_since_;
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
