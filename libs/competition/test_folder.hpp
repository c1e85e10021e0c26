// For tests: a folder of their own to write files into, gone when the test ends.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/temporary_folder.hpp"

namespace podium::competition {

class TestFolder {
 public:
  const std::filesystem::path& path() const { return folder_.path(); }
  /// Makes the folders on the way; gives the file's path.
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const std::filesystem::path file = path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
    return file;
  }

 private:
  podium::testing::TemporaryFolder folder_;
};

}  // namespace podium::competition
