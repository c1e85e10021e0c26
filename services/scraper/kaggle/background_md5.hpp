// MD5 on a thread of its own, so that bytes are hashed while the next ones come: MD5 is slower than
// a fast line. Belongs to one thread, which gives the bytes.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "libs/chassis/digest.hpp"

namespace podium::scraper {

class BackgroundMd5 {
 public:
  BackgroundMd5();
  ~BackgroundMd5();
  BackgroundMd5(const BackgroundMd5&) = delete;
  BackgroundMd5& operator=(const BackgroundMd5&) = delete;

  /// Copies the bytes; waits while too many are not hashed yet.
  void update(std::string_view bytes);
  /// As Md5::finish(), once everything is hashed; empty when OpenSSL failed.
  std::string finish();

 private:
  void hash(const std::stop_token& stop);
  void hand_over();
  /// Of the next block; nullopt when there is none any more.
  std::optional<std::string> next(const std::stop_token& stop);

  std::string block_;
  Md5 md5_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::string> blocks_;  // guarded by mutex_
  bool is_last_ = false;            // guarded by mutex_
  bool is_broken_ = false;          // read once the thread has ended
  /// Last: it works with the others.
  std::jthread thread_;
};

}  // namespace podium::scraper
