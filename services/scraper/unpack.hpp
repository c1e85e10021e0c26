// Unpacks what a competition's download holds, under limits; see archive_extraction.
#pragma once

#include <cstdint>
#include <filesystem>

#include "libs/chassis/result.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper {

/// Brings every file below `packed` to `target`: archives unpacked in the place where they lay
/// (`train.csv.zip` becomes `train.csv`, `images.zip` the folder `images`), other files linked or
/// copied, folders kept. Archives inside archives are unpacked up to a depth. ARCHIVE_UNSAFE (also
/// when two files would have one place and differ), DATA_TOO_LARGE, STOPPED as `account` says,
/// DATA_UNREADABLE; DISK_TOO_SMALL when the disk is full, UNAVAILABLE for other trouble with it.
/// After an error what was brought is there, and a folder beside `target` whose name ends in
/// `.unpacking`.
Result<void> unpack_folder(const std::filesystem::path& packed, const std::filesystem::path& target,
                           UnpackAccount& account);

/// Bytes of all plain files below the folder.
std::uint64_t bytes_below(const std::filesystem::path& folder);

}  // namespace podium::scraper
