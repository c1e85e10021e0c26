// Unpacks what a competition's download holds, under limits; see archive_extraction.
#pragma once

#include <cstdint>
#include <filesystem>

#include "libs/chassis/result.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// Brings every file below `packed` to `target`: archives unpacked in the place where they lay
/// (`train.csv.zip` becomes `train.csv`, `images.zip` the folder `images`), other files linked or
/// copied, folders kept. Archives inside archives are unpacked up to a depth. ARCHIVE_UNSAFE (also
/// when two files would have one place and differ), DATA_TOO_LARGE beyond `bytes_max`,
/// DATA_UNREADABLE, STOPPED; UNAVAILABLE when the disk does not take it.
Result<void> unpack_folder(const std::filesystem::path& packed, const std::filesystem::path& target,
                           std::uint64_t bytes_max, const FetchControl& control);

/// Unpacks one tar (perhaps compressed) or zip into `target` as it stands.
Result<void> unpack_archive(const std::filesystem::path& archive,
                            const std::filesystem::path& target, std::uint64_t bytes_max,
                            const FetchControl& control);

}  // namespace podium::scraper
