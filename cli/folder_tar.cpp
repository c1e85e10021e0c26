#include "cli/folder_tar.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include "libs/chassis/ids.hpp"

namespace podium::cli {
namespace {

struct FreeArchive {
  void operator()(archive* handle) const { archive_write_free(handle); }
};
using ArchiveWriter = std::unique_ptr<archive, FreeArchive>;

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using ArchiveEntry = std::unique_ptr<archive_entry, FreeEntry>;

constexpr std::size_t kCopyBytes = 64UL * 1024;

/// What the archive's bytes go through: to the file, and into the hash.
struct Target {
  std::ofstream stream;
  Sha256 hash;
  std::uint64_t bytes = 0;
};

la_ssize_t write_target(archive* handle, void* client, const void* buffer, std::size_t length) {
  auto& target = *static_cast<Target*>(client);
  const std::string_view piece{static_cast<const char*>(buffer), length};
  target.stream.write(piece.data(), static_cast<std::streamsize>(piece.size()));
  if (!target.stream) {
    archive_set_error(handle, EIO, "the disk does not take it");
    return -1;
  }
  target.hash.update(piece);
  target.bytes += length;
  return static_cast<la_ssize_t>(length);
}

std::unexpected<Failure> cannot_pack(const std::string& what, const std::string& why) {
  return give_up(Exit::error, "cannot pack " + what, why, "");
}

bool is_hidden(const std::filesystem::path& path) {
  return path.filename().string().starts_with('.');
}

/// The files of the folder in the order of their paths, and what is not taken.
Outcome<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder,
                                                     std::vector<std::string>& left_out) {
  std::vector<std::filesystem::path> files;
  std::error_code problem;
  std::filesystem::recursive_directory_iterator entry{folder, problem};
  for (; !problem && entry != std::filesystem::recursive_directory_iterator{};
       entry.increment(problem)) {
    const auto path = entry->path().lexically_relative(folder);
    const bool is_link = entry->is_symlink();
    if (is_hidden(path) || is_link) {
      left_out.push_back(path.string());
      if (entry->is_directory()) entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(path);
    } else if (!entry->is_directory()) {
      left_out.push_back(path.string());
    }
  }
  if (problem) return cannot_pack(folder.string(), problem.message());
  std::ranges::sort(files, {}, [](const auto& path) { return path.generic_string(); });
  return files;
}

Outcome<void> add_file(archive* writer, const std::filesystem::path& file,
                       const std::string& name) {
  std::ifstream stream{file, std::ios::binary};
  std::error_code problem;
  const auto bytes = std::filesystem::file_size(file, problem);
  if (!stream || problem) return cannot_pack(file.string(), "the file cannot be read");
  const ArchiveEntry entry{archive_entry_new()};
  archive_entry_set_pathname_utf8(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK) {
    return cannot_pack(file.string(), archive_error_string(writer));
  }
  std::array<char, kCopyBytes> buffer{};
  std::uint64_t copied = 0;
  while (stream.read(buffer.data(), buffer.size()), stream.gcount() > 0) {
    const auto count = static_cast<std::size_t>(stream.gcount());
    if (archive_write_data(writer, buffer.data(), count) < 0) {
      return cannot_pack(file.string(), archive_error_string(writer));
    }
    copied += count;
  }
  if (copied != bytes) return cannot_pack(file.string(), "the file changed while it was read");
  return {};
}

}  // namespace

Outcome<FolderTar> pack_folder(const std::filesystem::path& folder,
                               const std::filesystem::path& file) {
  FolderTar packed{.file = file, .sha256 = {}, .bytes = 0, .files = 0, .left_out = {}};
  const auto files = files_of(folder, packed.left_out);
  if (!files) return std::unexpected{files.error()};
  if (files->empty()) return cannot_pack(folder.string(), "it holds no files");

  Target target{.stream = std::ofstream{file, std::ios::binary}, .hash = {}, .bytes = 0};
  const ArchiveWriter writer{archive_write_new()};
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  if (!target.stream ||
      archive_write_open(writer.get(), &target, nullptr, write_target, nullptr) != ARCHIVE_OK) {
    return cannot_pack(folder.string(), "cannot write " + file.string());
  }
  for (const auto& path : *files) {
    const auto added = add_file(writer.get(), folder / path, path.generic_string());
    if (!added) return std::unexpected{added.error()};
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK || !target.stream.flush()) {
    return cannot_pack(folder.string(), "cannot write " + file.string());
  }
  packed.sha256 = target.hash.finish();
  packed.bytes = target.bytes;
  packed.files = files->size();
  return packed;
}

}  // namespace podium::cli
