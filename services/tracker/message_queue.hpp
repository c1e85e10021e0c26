// Messages on their way from the broker's thread to the tracker's. Bounded: a full queue holds the
// broker's thread up, and with it the consumer's flow control. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <vector>

#include "libs/chassis/bus/bus.hpp"

namespace podium::tracker {

class MessageQueue {
 public:
  explicit MessageQueue(std::size_t messages_max) : messages_max_{messages_max} {}

  /// Waits while the queue is full; after close() the message is dropped.
  void push(StoredMessage message);
  /// Waits up to `wait` for a message, then up to `linger` for more, until there are `count`.
  /// Returns at once when `stop` is set or the queue is closed.
  std::vector<StoredMessage> take(std::size_t count, std::chrono::milliseconds wait,
                                  std::chrono::milliseconds linger, const std::stop_token& stop);
  /// Lets every push() go, now and later.
  void close();

  /// Closes a queue when it goes: to be made after the subscription that pushes into the queue, so
  /// that a push that is held up does not hold the subscription's end up.
  class ClosedAtTheEnd {
   public:
    explicit ClosedAtTheEnd(MessageQueue& queue) : queue_{queue} {}
    ~ClosedAtTheEnd() { queue_.close(); }
    ClosedAtTheEnd(const ClosedAtTheEnd&) = delete;
    ClosedAtTheEnd& operator=(const ClosedAtTheEnd&) = delete;

   private:
    MessageQueue& queue_;
  };

 private:
  const std::size_t messages_max_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<StoredMessage> messages_;  // guarded by mutex_
  bool closed_ = false;                 // guarded by mutex_
};

}  // namespace podium::tracker
