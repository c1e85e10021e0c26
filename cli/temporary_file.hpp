// The name of a file that is not there yet, below the system's folder for such, removed when it is
// no longer needed.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "libs/chassis/ids.hpp"

namespace podium::cli {

class TemporaryFile {
 public:
  /// `ending` is that of the name: ".tar".
  explicit TemporaryFile(std::string_view ending)
      : path_{std::filesystem::temp_directory_path() /
              ("podium-" + new_uuid_v7(std::chrono::system_clock::now()) + std::string{ending})} {}
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace podium::cli
