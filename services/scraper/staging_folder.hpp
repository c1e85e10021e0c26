// The folder that one scrape works in: empty at first, gone at the end. Each scrape has its own,
// even two of the same job; a lock tells the folders of living scrapers from those that a killed
// one left behind, which the next scrape removes.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "libs/chassis/result.hpp"

namespace podium::scraper {

class StagingFolder {
 public:
  /// "<work>/<job_id>.<something new>": where a folder can be made.
  static std::filesystem::path new_path(const std::filesystem::path& work, std::string_view job_id);
  /// Makes it, after removing what dead scrapers left beside it. DISK_TOO_SMALL when the disk is
  /// full, UNAVAILABLE for other trouble with it.
  static Result<StagingFolder> make(std::filesystem::path path);
  ~StagingFolder();
  StagingFolder(StagingFolder&& other) noexcept
      : path_{std::exchange(other.path_, {})}, lock_{std::exchange(other.lock_, -1)} {}
  StagingFolder& operator=(StagingFolder&&) = delete;
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  StagingFolder(std::filesystem::path path, int lock) : path_{std::move(path)}, lock_{lock} {}

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace podium::scraper
