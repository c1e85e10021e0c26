// Joins a source that pushes pieces (the artifact store) to a sink that pulls them (an upload's
// body): a bounded buffer between a thread that writes and a thread that reads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace podium::executor {

class BytePipe {
 public:
  explicit BytePipe(std::size_t bytes_max) : bytes_max_{bytes_max} {}

  /// Waits for room. False when the reader has gone: stop writing.
  bool write(std::string_view piece);
  /// No more will be written. `complete` is false when the source failed in the middle.
  void close_writing(bool complete);
  /// Waits for bytes, fills at most `room` of them; 0 at the end, nullopt when the source failed.
  std::optional<std::size_t> read(char* buffer, std::size_t room);
  /// The reader has gone; a waiting writer returns.
  void close_reading();

 private:
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string buffer_;          // guarded by mutex_
  std::size_t read_at_ = 0;     // guarded by mutex_
  bool writing_done_ = false;   // guarded by mutex_
  bool source_failed_ = false;  // guarded by mutex_
  bool reading_done_ = false;   // guarded by mutex_
};

}  // namespace podium::executor
