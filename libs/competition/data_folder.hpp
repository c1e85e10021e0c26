// The inventory of a competition's unpacked data: which files there are, of what kind, and which
// folders hold so many like files (pictures) that they are listed as one. Reads names and sizes
// only. Free functions without state: any thread, as long as nobody changes the folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// A folder with more files of one extension than this is listed as one DataFolder.
inline constexpr std::size_t kListedFilesMax = 50;
/// Entries of a data folder at the most, and how deep it may be.
inline constexpr std::size_t kDataEntriesMax = 5'000'000;
inline constexpr int kDataDepthMax = 16;

struct DataInventory {
  /// Sorted by path; without hashes.
  std::vector<v1::DataFile> files;
  std::vector<v1::DataFolder> folders;
  std::uint64_t bytes = 0;
};

/// Walks `root`. Paths are relative to it, with '/' between. Links and other special files are an
/// error (ARCHIVE_UNSAFE), so are too many entries (DATA_TOO_LARGE); names that are not UTF-8 are
/// DATA_UNREADABLE.
Result<DataInventory> list_data_folder(const std::filesystem::path& root);

/// By extension: tables are .csv, .tsv and .tab.
v1::FileKind file_kind(std::string_view path);

/// Of an extension as file_extension gives it.
bool is_image(std::string_view extension);
bool is_sound(std::string_view extension);

/// ".png" in lower case with the dot; empty when there is none.
std::string file_extension(std::string_view path);

}  // namespace podium::competition
