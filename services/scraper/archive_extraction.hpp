// Takes one archive apart, by libarchive: zip, 7z, tar, and gz, bz2, xz or zst of a tar or of a
// single file. Never writes outside its target; links, devices and paths that leave the folder are
// refused, hidden files and what macOS adds are passed over.
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper {

/// True for an archive by its name: .zip, .7z, .tar, .tgz, .gz, .bz2, .xz, .zst, in any case.
bool is_archive(const std::filesystem::path& file);

/// The archive's name without its endings: "images" of "images.tar.gz", "train.csv" of
/// "train.csv.zip".
std::filesystem::path bare_name(const std::filesystem::path& archive);

/// True for names that no data set means: hidden ones, and "__MACOSX".
bool is_clutter(const std::filesystem::path& name);

/// Writes the entries of `archive` below `folder`. ARCHIVE_UNSAFE, DATA_TOO_LARGE, DATA_UNREADABLE,
/// STOPPED; DISK_TOO_SMALL when the disk is full, UNAVAILABLE for other trouble with it.
Result<void> extract_archive(const std::filesystem::path& archive,
                             const std::filesystem::path& folder, UnpackAccount& account);

}  // namespace podium::scraper
