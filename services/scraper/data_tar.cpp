#include "services/scraper/data_tar.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <format>
#include <fstream>
#include <system_error>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "services/scraper/archive_handles.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/utf8_locale.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kFileMode = 0444;
constexpr unsigned kFolderMode = 0555;

std::unexpected<Error> refused(archive* open) {
  const char* why = archive_error_string(open);
  return disk_trouble(std::format("the data's tar cannot be written, after {} bytes of it: {}",
                                  archive_filter_bytes(open, -1), why == nullptr ? "?" : why),
                      {archive_errno(open), std::generic_category()});
}

ArchiveEntry entry_of(const fs::path& path, bool folder, std::uint64_t bytes) {
  ArchiveEntry entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), path.generic_string().c_str());
  archive_entry_set_filetype(entry.get(), folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(entry.get(), folder ? kFolderMode : kFileMode);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
  archive_entry_set_mtime(entry.get(), 0, 0);
  return entry;
}

// Puts the file's content into the tar and gives its sha256.
Result<std::string> write_content(archive* open, const fs::path& file, std::uint64_t bytes,
                                  const FetchControl& control) {
  std::ifstream in{file, std::ios::binary};
  std::vector<char> block(kBlockBytes);
  Sha256 hash;
  std::uint64_t packed = 0;
  while (in) {
    if (control.stop.stop_requested()) return fail(errors::kStopped, "packing was stopped");
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got == 0) break;
    hash.update({block.data(), got});
    if (archive_write_data(open, block.data(), got) < 0) {
      return refused(open);
    }
    packed += got;
  }
  // A tar would fill what is missing with zeros.
  if (packed != bytes) return fail(errors::kUnavailable, "cannot read " + file.string());
  return hash.finish();
}

std::vector<fs::path> sorted_tree(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    entries.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(entries, {}, [](const fs::path& path) { return path.generic_string(); });
  return entries;
}

}  // namespace

Result<DataTar> write_data_tar(const fs::path& folder, const fs::path& target,
                               const FetchControl& control) try {
  const Utf8Locale names_are_utf8;
  WriteArchive open{archive_write_new()};
  archive_write_set_format_pax_restricted(open.get());
  if (archive_write_open_filename(open.get(), target.c_str()) != ARCHIVE_OK) {
    return refused(open.get());
  }
  DataTar tar;
  for (const auto& path : sorted_tree(folder)) {
    const auto file = folder / path;
    const bool is_folder = fs::is_directory(file);
    const auto bytes = is_folder ? 0 : fs::file_size(file);
    const auto entry = entry_of(path, is_folder, bytes);
    if (archive_write_header(open.get(), entry.get()) != ARCHIVE_OK) {
      return refused(open.get());
    }
    if (is_folder) continue;
    auto sha256 = PODIUM_TRY(write_content(open.get(), file, bytes, control));
    tar.files[path.generic_string()] = {std::move(sha256), bytes};
    tar.bytes += bytes;
    if (control.on_progress) control.on_progress(kPacking, tar.bytes, 0);
  }
  if (archive_write_close(open.get()) != ARCHIVE_OK) {
    return refused(open.get());
  }
  return tar;
} catch (const fs::filesystem_error& error) {
  return disk_trouble(error);
}

}  // namespace podium::scraper
