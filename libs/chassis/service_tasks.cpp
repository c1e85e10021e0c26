#include "libs/chassis/service_tasks.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace podium {

ServiceTasks::ServiceTasks(std::function<void(Error error)> on_error)
    : on_error_{std::move(on_error)} {}

void ServiceTasks::add(std::string name, Run run) {
  tasks_.push_back(std::make_unique<Task>(Task{.name = std::move(name), .run = std::move(run)}));
}

void ServiceTasks::start() {
  for (const auto& task : tasks_) {
    task->ended = false;
    threads_.emplace_back([this, &running = *task] { run(running); });
  }
}

void ServiceTasks::run(Task& task) {
  Result<void> result;
  try {
    result = task.run(stop_.get_token());
  } catch (const std::exception& error) {
    result = fail(errors::kInternal, error.what());
  }
  if (!result && !stop_.stop_requested()) {
    on_error_({result.error().code, "task " + task.name + ": " + result.error().detail});
  }
  const std::scoped_lock lock{mutex_};
  task.ended = true;
  task_ended_.notify_all();
}

void ServiceTasks::request_stop() {
  stop_.request_stop();
}

std::vector<std::string> ServiceTasks::join(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{mutex_};
  const auto all_ended = [this] {
    return std::ranges::all_of(tasks_, [](const auto& task) { return task->ended; });
  };
  task_ended_.wait_until(lock, deadline, all_ended);
  std::vector<std::string> running;
  for (const auto& task : tasks_) {
    if (!task->ended) running.push_back(task->name);
  }
  return running;
}

}  // namespace podium
