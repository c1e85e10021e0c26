// A file without a name: bytes too many for memory that must not outlive the process. It lies in
// the folder that PODIUM_EXECUTOR_SCRATCH names and vanishes when it is closed, also by a kill. One
// thread at a time; moving hands it over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium {

class ScratchFile {
 public:
  /// An empty object that holds no file.
  ScratchFile() = default;
  /// UNAVAILABLE when the folder takes no files.
  static Result<ScratchFile> make(const std::filesystem::path& folder);
  ~ScratchFile();
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile& operator=(ScratchFile&& other) noexcept;

  /// Appends all of it. UNAVAILABLE when the disk is full.
  Result<void> append(std::string_view bytes);
  std::uint64_t size() const;
  /// The bytes from `offset`, at most `bytes_max`.
  Result<std::string> read(std::uint64_t offset, std::uint64_t bytes_max) const;
  /// A path by which this process can open it.
  std::filesystem::path path() const;
  int descriptor() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  explicit ScratchFile(int descriptor) : descriptor_{descriptor} {}
  int descriptor_ = -1;
};

}  // namespace podium
