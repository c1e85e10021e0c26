// A folder of one test, gone with it.
#pragma once

#include <filesystem>

namespace podium::testing {

class TemporaryFolder {
 public:
  /// Readable by everybody, so that a server may run as a user of its own below it.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A TCP port of 127.0.0.1 that was free a moment ago.
int free_port();

}  // namespace podium::testing
