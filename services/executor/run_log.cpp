#include "services/executor/run_log.hpp"

#include "libs/chassis/log.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {

RunLog::RunLog(SandboxRuntime& runtime, std::string run_id, LogRecord record,
               std::unique_ptr<LiveLog> live)
    : runtime_{runtime},
      run_id_{std::move(run_id)},
      record_{std::move(record)},
      live_{std::move(live)},
      thread_{[this](std::stop_token stop) { follow(stop); }} {}

RunLog::~RunLog() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void RunLog::follow(std::stop_token stop) {
  while (!stop.stop_requested() && !record_.full()) {
    const auto followed = runtime_.follow_log(
        run_id_, last_byte_, [this](std::string_view bytes) { return take(bytes); }, stop);
    if (!may_go_on(followed, stop)) break;
  }
  {
    const std::scoped_lock lock{mutex_};
    has_ended_ = true;
  }
  ended_.notify_all();
}

bool RunLog::take(std::string_view bytes) {
  last_byte_ = std::chrono::system_clock::now();
  live_->add(bytes);
  const auto kept = record_.add(bytes);
  if (!kept) log_warning("a log cannot be kept", {{"error", kept.error().text()}});
  return kept.value_or(false);
}

/// The stream of a running program may break off: an engine that was away and is back, or one that
/// was restarted and kept its containers.
bool RunLog::may_go_on(const Result<void>& followed, std::stop_token stop) {
  if (stop.stop_requested() || record_.full()) return false;
  if (!followed && followed.error().is(errors::kNotFound)) return false;
  if (followed) {
    const auto state = runtime_.inspect(run_id_);
    if (state && state->phase != SandboxPhase::running) return false;
  }
  std::unique_lock lock{mutex_};
  ended_.wait_for(lock, stop, kEngineRetryEvery, [] { return false; });
  return !stop.stop_requested();
}

void RunLog::finish() {
  {
    std::unique_lock lock{mutex_};
    ended_.wait_for(lock, kLogDrainMax, [this] { return has_ended_; });
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  live_->finish();
  if (!record_.full()) return;
  auto end = runtime_.log_end(run_id_);
  if (end) {
    record_.set_end(std::move(*end));
  } else {
    log_warning("the end of a log could not be read",
                {{"run_id", run_id_}, {"error", end.error().text()}});
  }
}

}  // namespace podium::executor
