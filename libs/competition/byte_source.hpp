// Where the bytes of a table come from: a file by path, an open descriptor (a pipe as well), or
// text in memory. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::competition {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Puts at most `room.size()` bytes into `room` and returns how many; 0 only at the end.
  /// DATA_UNREADABLE when the system refuses.
  virtual Result<std::size_t> read(std::span<char> room) = 0;
};

/// A file or an open descriptor, read from where it stands.
class FileSource final : public ByteSource {
 public:
  /// Opens for reading. DATA_UNREADABLE when it is not there, not a regular file, or refused.
  static Result<FileSource> open(const std::filesystem::path& path);
  /// Borrows a descriptor: the caller keeps it open and closes it.
  explicit FileSource(int borrowed_descriptor) : descriptor_{borrowed_descriptor} {}
  ~FileSource() override;
  FileSource(FileSource&& other) noexcept;
  FileSource& operator=(FileSource&&) = delete;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  Result<std::size_t> read(std::span<char> room) override;
  /// Moves to byte `position`. DATA_UNREADABLE for what cannot be moved in, such as a pipe.
  Result<void> seek(std::uint64_t position);
  /// Size in bytes; DATA_UNREADABLE when this is not a regular file.
  Result<std::uint64_t> size() const;

 private:
  int descriptor_ = -1;
  bool owned_ = false;
};

/// Text that the caller keeps alive.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_{text} {}
  Result<std::size_t> read(std::span<char> room) override;

 private:
  std::string_view rest_;
};

}  // namespace podium::competition
