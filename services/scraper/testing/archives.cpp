#include "services/scraper/testing/archives.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "services/scraper/archive_handles.hpp"
#include "services/scraper/utf8_locale.hpp"

namespace podium::scraper::testing {
namespace {

void add_filter(archive* open, const std::filesystem::path& file) {
  const auto ending = file.extension();
  if (ending == ".bz2") {
    archive_write_add_filter_bzip2(open);
  } else if (ending == ".xz") {
    archive_write_add_filter_xz(open);
  } else if (ending == ".zst") {
    archive_write_add_filter_zstd(open);
  } else if (ending != ".tar") {
    archive_write_add_filter_gzip(open);
  }
}

void demand(int status, archive* open) {
  if (status < ARCHIVE_WARN) throw std::runtime_error{archive_error_string(open)};
}

unsigned type_of(ArchiveMember::Kind kind) {
  if (kind == ArchiveMember::Kind::folder) return AE_IFDIR;
  if (kind == ArchiveMember::Kind::symbolic_link) return AE_IFLNK;
  return kind == ArchiveMember::Kind::device ? AE_IFCHR : AE_IFREG;
}

void write_member(archive* open, const ArchiveMember& member) {
  const ArchiveEntry entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), member.path.c_str());
  archive_entry_set_filetype(entry.get(), type_of(member.kind));
  archive_entry_set_perm(entry.get(), 0644);
  const bool file = member.kind == ArchiveMember::Kind::file;
  archive_entry_set_size(entry.get(), file ? static_cast<la_int64_t>(member.content.size()) : 0);
  if (member.kind == ArchiveMember::Kind::symbolic_link) {
    archive_entry_set_symlink(entry.get(), member.content.c_str());
  }
  if (member.kind == ArchiveMember::Kind::hard_link) {
    archive_entry_set_hardlink(entry.get(), member.content.c_str());
  }
  demand(archive_write_header(open, entry.get()), open);
  if (file) archive_write_data(open, member.content.data(), member.content.size());
}

}  // namespace

void write_archive(const std::filesystem::path& file, const std::vector<ArchiveMember>& members) {
  const Utf8Locale names_are_utf8;
  std::filesystem::create_directories(file.parent_path());
  const WriteArchive open{archive_write_new()};
  if (file.extension() == ".zip") {
    archive_write_set_format_zip(open.get());
  } else {
    archive_write_set_format_pax_restricted(open.get());
    add_filter(open.get(), file);
  }
  demand(archive_write_open_filename(open.get(), file.c_str()), open.get());
  for (const ArchiveMember& member : members) write_member(open.get(), member);
  demand(archive_write_close(open.get()), open.get());
}

void write_compressed(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::create_directories(file.parent_path());
  const WriteArchive open{archive_write_new()};
  archive_write_set_format_raw(open.get());
  add_filter(open.get(), file);
  demand(archive_write_open_filename(open.get(), file.c_str()), open.get());
  write_member(open.get(), {.path = "data", .content = content});
  demand(archive_write_close(open.get()), open.get());
}

std::string text_of(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    files[entry.path().lexically_relative(folder).generic_string()] = text_of(entry.path());
  }
  return files;
}

}  // namespace podium::scraper::testing
