// The threads that a service runs beside its stages. Thread-safe but for start().
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium {

class ServiceTasks {
 public:
  using Run = std::function<Result<void>(std::stop_token)>;

  /// `on_error` is called from the task's thread, once for each task that failed before the stop.
  explicit ServiceTasks(std::function<void(Error error)> on_error);

  void add(std::string name, Run run);
  /// Starts what was added.
  void start();
  void request_stop();
  /// Waits until every task has returned, at most until `deadline`; the names of those that have
  /// not.
  std::vector<std::string> join(std::chrono::steady_clock::time_point deadline);

 private:
  struct Task {
    std::string name;
    Run run;
    bool ended = true;
  };

  void run(Task& task);

  std::function<void(Error error)> on_error_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable task_ended_;
  std::vector<std::unique_ptr<Task>> tasks_;  // `ended` is guarded by `mutex_`.
  std::vector<std::jthread> threads_;
};

}  // namespace podium
