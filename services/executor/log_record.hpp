// The whole log of a run on its way to becoming an artifact: its beginning up to the limit and,
// when that was not all, its end. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "libs/chassis/child/scratch_file.hpp"
#include "libs/chassis/result.hpp"

namespace podium::executor {

class LogRecord {
 public:
  static Result<LogRecord> make(const std::filesystem::path& folder, std::uint64_t bytes_max);

  /// Keeps the bytes. False when the limit is reached: reading on is no use, the end can be asked
  /// of the engine.
  Result<bool> add(std::string_view bytes);
  bool full() const { return full_; }
  /// What stands at the end of a log that was cut.
  void set_end(std::string end) { end_ = std::move(end); }

  /// The last bytes, at most kLogEndBytesMax.
  std::string_view end() const { return end_; }
  /// All that is kept, with a mark where something is missing.
  Result<std::string> whole() const;

 private:
  LogRecord(ScratchFile head, std::uint64_t bytes_max)
      : head_{std::move(head)}, bytes_max_{bytes_max} {}

  ScratchFile head_;
  std::uint64_t bytes_max_ = 0;
  bool full_ = false;
  std::string end_;
};

}  // namespace podium::executor
