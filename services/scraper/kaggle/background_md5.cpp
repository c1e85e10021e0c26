#include "services/scraper/kaggle/background_md5.hpp"

#include <exception>
#include <utility>

#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {

BackgroundMd5::BackgroundMd5() : thread_{[this](const std::stop_token& stop) { hash(stop); }} {}

BackgroundMd5::~BackgroundMd5() {
  thread_.request_stop();
}

void BackgroundMd5::update(std::string_view bytes) {
  block_.append(bytes);
  if (block_.size() >= kHashBlockBytes) hand_over();
}

std::string BackgroundMd5::finish() {
  hand_over();
  {
    const std::scoped_lock lock{mutex_};
    is_last_ = true;
    changed_.notify_all();
  }
  thread_.join();
  return is_broken_ ? std::string{} : md5_.finish();
}

void BackgroundMd5::hand_over() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return blocks_.size() < kHashBlocksMax; });
  blocks_.push_back(std::exchange(block_, {}));
  changed_.notify_all();
  lock.unlock();
  block_.reserve(kHashBlockBytes);
}

std::optional<std::string> BackgroundMd5::next(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, stop, [&] { return !blocks_.empty() || is_last_; });
  if (stop.stop_requested() || blocks_.empty()) return std::nullopt;
  auto block = std::move(blocks_.front());
  blocks_.pop_front();
  changed_.notify_all();
  return block;
}

/// Goes on taking blocks after a failure, for whose sake nobody is to wait for ever.
void BackgroundMd5::hash(const std::stop_token& stop) {
  while (const auto block = next(stop)) {
    try {
      if (!is_broken_) md5_.update(*block);
    } catch (const std::exception&) {
      is_broken_ = true;
    }
  }
}

}  // namespace podium::scraper
