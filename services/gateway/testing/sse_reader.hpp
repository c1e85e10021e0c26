// Reads an event stream in a test, on a thread of its own, as a browser would.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/http/client.hpp"

namespace podium::gateway::testing {

struct SseFrame {
  std::uint64_t id = 0;
  std::string event;
  std::string data;
};

class SseReader {
 public:
  /// Begins to read; `last_event_id` is sent when given.
  explicit SseReader(std::string url, std::optional<std::uint64_t> last_event_id = std::nullopt);
  ~SseReader();
  SseReader(const SseReader&) = delete;
  SseReader& operator=(const SseReader&) = delete;

  /// Waits until the stream has begun; false when it did not.
  bool wait_until_open();
  /// Waits until `enough` holds of what was read, or the stream ended; what was read then.
  std::vector<SseFrame> wait(
      const std::function<bool(const std::vector<SseFrame>& frames)>& enough);
  /// Waits for the end of the stream.
  std::vector<SseFrame> wait_for_end();
  /// HTTP status, once the stream has ended.
  int status();

 private:
  void take(std::string_view piece);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string rest_;              // of the reading thread
  std::vector<SseFrame> frames_;  // guarded by mutex_
  bool open_ = false;             // guarded by mutex_
  bool ended_ = false;            // guarded by mutex_
  int status_ = 0;                // guarded by mutex_
  std::jthread reader_;
};

/// Names of the frames' events.
std::vector<std::string> names_of(const std::vector<SseFrame>& frames);

}  // namespace podium::gateway::testing
