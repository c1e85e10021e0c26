#include "services/executor/run_pool.hpp"

#include "libs/chassis/metrics.hpp"

namespace podium::executor {
namespace {

constexpr Metric kSandboxes{"podium_sandboxes_active", "Sandboxes that exist."};

}  // namespace

RunPool::RunPool(RunStage& stage, LiveRuns& live, SlotAccount& slots)
    : stage_{stage}, live_{live}, slots_{slots} {}

RunPool::~RunPool() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return working_.empty(); });
  lock.unlock();
  join_finished();
}

void RunPool::begin(std::shared_ptr<LiveRun> run, const v1::RunLimits& limits) {
  join_finished();
  const std::scoped_lock lock{mutex_};
  const auto number = next_number_++;
  working_.emplace(number, std::jthread{[this, number, run = std::move(run), limits] {
                     work(number, run, limits);
                   }});
}

void RunPool::work(std::uint64_t number, const std::shared_ptr<LiveRun>& run,
                   const v1::RunLimits& limits) {
  gauge_add(kSandboxes, 1);
  const auto settlement = stage_.handle(*run);
  slots_.give_back(limits);
  live_.finish(*run, settlement);
  gauge_add(kSandboxes, -1);
  const std::scoped_lock lock{mutex_};
  // begin() holds the mutex until the thread stands in the map.
  const auto self = working_.find(number);
  finished_.push_back(std::move(self->second));
  working_.erase(self);
  changed_.notify_all();
}

bool RunPool::wait_idle(std::chrono::milliseconds timeout) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, timeout, [this] { return working_.empty(); });
}

void RunPool::join_finished() {
  std::vector<std::jthread> finished;
  {
    const std::scoped_lock lock{mutex_};
    finished.swap(finished_);
  }
}

}  // namespace podium::executor
