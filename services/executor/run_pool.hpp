// The threads that work on runs, one a run. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "services/executor/live_run.hpp"
#include "services/executor/run_stage.hpp"
#include "services/executor/slots.hpp"

namespace podium::executor {

class RunPool {
 public:
  /// All must outlive it.
  RunPool(RunStage& stage, LiveRuns& live, SlotAccount& slots);
  /// Waits for every run to return; stop them first.
  ~RunPool();
  RunPool(const RunPool&) = delete;
  RunPool& operator=(const RunPool&) = delete;

  /// Works on the run in a thread of its own. Its slot has been taken with these limits and is
  /// given back at the end, when its tickets are settled as well.
  void begin(std::shared_ptr<LiveRun> run, const v1::RunLimits& limits);
  /// Waits until no run goes on, at most so long; false when one still does.
  bool wait_idle(std::chrono::milliseconds timeout);

 private:
  void work(std::uint64_t number, const std::shared_ptr<LiveRun>& run, const v1::RunLimits& limits);
  void join_finished();

  RunStage& stage_;
  LiveRuns& live_;
  SlotAccount& slots_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_number_ = 0;                  // guarded by mutex_
  std::map<std::uint64_t, std::jthread> working_;  // guarded by mutex_
  std::vector<std::jthread> finished_;             // guarded by mutex_
};

}  // namespace podium::executor
