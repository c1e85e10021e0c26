#include "libs/chassis/http/worker_pool.hpp"

#include <system_error>
#include <utility>

namespace podium::http {

WorkerPool::WorkerPool(std::size_t threads_max, std::size_t queue_max)
    : threads_max_{threads_max}, queue_max_{queue_max} {}

WorkerPool::~WorkerPool() {
  close();
}

bool WorkerPool::try_submit(Task&& task) {
  const std::scoped_lock lock{mutex_};
  if (closed_) return false;
  if (idle_ <= queue_.size() && threads_.size() < threads_max_) {
    try {
      threads_.emplace_back([this] { work(); });
      ++idle_;
    } catch (const std::system_error&) {
      // The system has no thread left; those that exist must do, if there are any.
      if (threads_.empty()) return false;
    }
  }
  if (queue_.size() >= queue_max_ + idle_) return false;
  queue_.push_back(std::move(task));
  something_to_do_.notify_one();
  return true;
}

void WorkerPool::work() {
  std::unique_lock lock{mutex_};
  for (;;) {
    something_to_do_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Task task = std::move(queue_.front());
    queue_.pop_front();
    --idle_;
    lock.unlock();
    task();
    lock.lock();
    ++idle_;
  }
}

void WorkerPool::close() {
  std::vector<std::thread> threads;
  {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    threads.swap(threads_);
  }
  something_to_do_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace podium::http
