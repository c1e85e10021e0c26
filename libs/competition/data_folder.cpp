#include "libs/competition/data_folder.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kTables{".csv", ".tab", ".tsv"};
constexpr std::array<std::string_view, 9> kImages{".bmp", ".dcm", ".gif",  ".jpeg", ".jpg",
                                                  ".png", ".tif", ".tiff", ".webp"};
constexpr std::array<std::string_view, 7> kSounds{".aif", ".flac", ".m4a", ".mp3",
                                                  ".ogg", ".opus", ".wav"};
constexpr std::array<std::string_view, 6> kTexts{".json", ".jsonl", ".md", ".rst", ".txt", ".xml"};

using Files = std::vector<v1::DataFile>;

Result<Files> walk(const fs::path& root) {
  std::error_code error;
  fs::recursive_directory_iterator at{root, error};
  Files files;
  for (std::size_t entries = 0; !error && at != fs::end(at); at.increment(error)) {
    if (++entries > kDataEntriesMax || at.depth() > kDataDepthMax) {
      return fail(reasons::kDataTooLarge,
                  std::format("the data has more than {} files or {} levels", kDataEntriesMax,
                              kDataDepthMax));
    }
    const fs::file_status status = at->symlink_status(error);
    const std::string path = at->path().lexically_relative(root).generic_string();
    if (!is_utf8(path)) {
      return fail(reasons::kDataUnreadable,
                  from_latin1_or_utf8(path) + ": the file name is not UTF-8");
    }
    if (fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status)) {
      return fail(reasons::kArchiveUnsafe, path + " is neither a file nor a folder");
    }
    v1::DataFile file;
    file.set_path(path);
    file.set_bytes(at->file_size(error));
    file.set_kind(file_kind(path));
    files.push_back(std::move(file));
  }
  if (error) return fail(reasons::kDataUnreadable, "the data folder: " + error.message());
  std::ranges::sort(files, {}, &v1::DataFile::path);
  return files;
}

}  // namespace

std::string file_extension(std::string_view path) {
  return lower(fs::path{path}.extension().string());
}

bool is_image(std::string_view extension) {
  return std::ranges::contains(kImages, extension);
}

bool is_sound(std::string_view extension) {
  return std::ranges::contains(kSounds, extension);
}

v1::FileKind file_kind(std::string_view path) {
  const std::string extension = file_extension(path);
  if (std::ranges::find(kTables, extension) != kTables.end()) return v1::FILE_KIND_TABLE;
  if (is_image(extension)) return v1::FILE_KIND_IMAGE;
  if (std::ranges::find(kTexts, extension) != kTexts.end()) return v1::FILE_KIND_TEXT;
  return v1::FILE_KIND_OTHER;
}

Result<DataInventory> list_data_folder(const fs::path& root) {
  Files all = PODIUM_TRY(walk(root));
  const auto group_of = [](const v1::DataFile& file) {
    return std::pair{fs::path{file.path()}.parent_path().generic_string(),
                     file_extension(file.path())};
  };
  std::map<std::pair<std::string, std::string>, v1::DataFolder> groups;
  DataInventory inventory;
  for (const v1::DataFile& file : all) {
    inventory.bytes += file.bytes();
    v1::DataFolder& folder = groups[group_of(file)];
    folder.set_files(folder.files() + 1);
    folder.set_bytes(folder.bytes() + file.bytes());
    folder.set_kind(file.kind());
  }
  const auto is_many = [](const auto& group) {
    return group.second.files() > kListedFilesMax && !group.first.first.empty();
  };
  for (v1::DataFile& file : all) {
    if (!is_many(*groups.find(group_of(file)))) inventory.files.push_back(std::move(file));
  }
  for (auto& group : groups) {
    if (!is_many(group)) continue;
    group.second.set_path(group.first.first);
    group.second.set_extension(group.first.second);
    inventory.folders.push_back(std::move(group.second));
  }
  return inventory;
}

}  // namespace podium::competition
