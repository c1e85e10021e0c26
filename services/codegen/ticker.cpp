#include "services/codegen/ticker.hpp"

#include <algorithm>
#include <chrono>

#include "libs/chassis/log.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

/// The longest the ticker sleeps without looking at the clock again.
constexpr std::chrono::milliseconds kIdleMax{1'000};

}  // namespace

Ticker::Ticker(Clock& clock, OnDue on_due) : clock_{clock}, on_due_{std::move(on_due)} {}

void Ticker::observe(const v1::SearchState& state) {
  const std::scoped_lock lock{mutex_};
  const auto known = due_.find(state.job_id());
  if (known != due_.end()) {
    queue_.erase({known->second, state.job_id()});
    due_.erase(known);
  }
  if (has_ended(state) && state.outbox_size() == 0) return;
  schedule(state.job_id(), from_proto(state.wake_at()));
  changed_.notify_all();
}

void Ticker::schedule(const std::string& job_id, TimePoint at) {
  due_[job_id] = at;
  queue_.emplace(at, job_id);
}

std::string Ticker::take_due(TimePoint now) {
  const std::scoped_lock lock{mutex_};
  if (queue_.empty() || queue_.begin()->first > now) return {};
  const auto job_id = queue_.begin()->second;
  queue_.erase(queue_.begin());
  schedule(job_id, now + kTickIntervalMin);
  return job_id;
}

TimePoint Ticker::next_due() const {
  return queue_.empty() ? TimePoint::max() : queue_.begin()->first;
}

Result<void> Ticker::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto job_id = take_due(clock_.now());
    if (job_id.empty()) {
      std::unique_lock lock{mutex_};
      const auto latest = clock_.now() + kIdleMax;
      changed_.wait_until(lock, stop, std::min(next_due(), latest),
                          [this] { return next_due() <= clock_.now(); });
      continue;
    }
    if (const auto ticked = on_due_(job_id); !ticked) {
      log_warning("a tick failed and is tried again",
                  {{"job_id", job_id}, {"error", ticked.error().text()}});
    }
  }
  return {};
}

}  // namespace podium::codegen
