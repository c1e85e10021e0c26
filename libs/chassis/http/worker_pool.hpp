// Threads that take tasks from a bounded queue. Threads are made when they are needed, up to a
// limit, and kept. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace podium::http {

class WorkerPool {
 public:
  using Task = std::function<void()>;

  /// At most `threads_max` threads; at most `queue_max` tasks wait for one.
  WorkerPool(std::size_t threads_max, std::size_t queue_max);
  /// Runs what is queued and joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when the queue is full or the pool is closed; the task is then untouched.
  bool try_submit(Task&& task);
  /// Takes no more tasks, runs what is queued and joins.
  void close();

 private:
  void work();

  const std::size_t threads_max_;
  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable something_to_do_;
  // Guarded by `mutex_`.
  std::deque<Task> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool closed_ = false;
};

}  // namespace podium::http
