#include "services/tracker/message_queue.hpp"

#include <algorithm>
#include <iterator>

namespace podium::tracker {

void MessageQueue::push(StoredMessage message) {
  {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return closed_ || messages_.size() < messages_max_; });
    if (closed_) return;
    messages_.push_back(std::move(message));
  }
  changed_.notify_all();
}

std::vector<StoredMessage> MessageQueue::take(std::size_t count, std::chrono::milliseconds wait,
                                              std::chrono::milliseconds linger,
                                              const std::stop_token& stop) {
  std::vector<StoredMessage> taken;
  {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, wait, [&] { return closed_ || !messages_.empty(); });
    if (messages_.empty()) return taken;
    changed_.wait_for(lock, stop, linger, [&] { return closed_ || messages_.size() >= count; });
    const auto end =
        messages_.begin() + static_cast<std::ptrdiff_t>(std::min(count, messages_.size()));
    taken.assign(std::move_iterator{messages_.begin()}, std::move_iterator{end});
    messages_.erase(messages_.begin(), end);
  }
  changed_.notify_all();
  return taken;
}

void MessageQueue::close() {
  {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace podium::tracker
