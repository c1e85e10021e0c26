// A person's folder as a tar that is the same, byte for byte, for the same files: sorted, without
// times, owners or modes. So its hash names the data. Safe to repeat.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/outcome.hpp"

namespace podium::cli {

struct FolderTar {
  /// Where it was written; the caller removes it.
  std::filesystem::path file;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  /// What was left out: hidden files, links, devices.
  std::vector<std::string> left_out;
};

/// Writes the tar of `folder` to `file`. A failure when the folder cannot be read, holds no file,
/// or the disk is full.
Outcome<FolderTar> pack_folder(const std::filesystem::path& folder,
                               const std::filesystem::path& file);

}  // namespace podium::cli
