// The deterministic tar of a competition's data: the same files give the same bytes, so that its
// sha256 names the data. Entries sorted by path, no times, owners or links (POSIX pax format).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "libs/chassis/result.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

struct PackedFile {
  std::string sha256;
  std::uint64_t bytes = 0;
};

struct DataTar {
  /// Each file by its path below the folder.
  std::map<std::string, PackedFile> files;
  /// Of all files; the tar itself is a little larger.
  std::uint64_t bytes = 0;
};

/// Writes the tar of everything below `folder` to `target`. Constant memory. UNAVAILABLE when the
/// disk does not take it, STOPPED.
Result<DataTar> write_data_tar(const std::filesystem::path& folder,
                               const std::filesystem::path& target, const FetchControl& control);

}  // namespace podium::scraper
