// The deterministic tar of a competition's data: the same files give the same bytes, so that its
// sha256 names the data. Entries sorted by path, no times, owners or links (POSIX pax format).
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// Writes the tar of everything below `folder` to `target`. Constant memory. DISK_TOO_SMALL
/// when the disk is full, UNAVAILABLE for other trouble with it, STOPPED.
Result<DataTar> write_data_tar(const std::filesystem::path& folder,
                               const std::filesystem::path& target, const FetchControl& control);

}  // namespace podium::scraper
