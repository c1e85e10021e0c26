// Writes a file of a scrape, and says what trouble of a disk means: a full one is no passing
// trouble, for trying again would fetch everything again. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "libs/chassis/result.hpp"

namespace podium::scraper {

/// DISK_TOO_SMALL where the disk, a quota or a limit on a file's size leaves no room, else
/// UNAVAILABLE; `what` says what was to be done.
std::unexpected<Error> disk_trouble(std::string_view what, const std::error_code& why);
std::unexpected<Error> disk_trouble(const std::filesystem::filesystem_error& error);

class FileWriter {
 public:
  /// Makes `file` anew. Where that fails the first write or close() says so.
  explicit FileWriter(std::filesystem::path file);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Writes all of it. DISK_TOO_SMALL, saying how much of the file was written before; UNAVAILABLE.
  /// Not to be called after an error.
  Result<void> write(std::string_view bytes);
  /// Errors as of write(). Nothing more can be written; may be repeated.
  Result<void> close();

 private:
  std::unexpected<Error> broken() const;

  std::filesystem::path file_;
  int descriptor_;
  /// errno of what went wrong.
  int error_ = 0;
  std::uint64_t written_ = 0;
};

}  // namespace podium::scraper
