// For tests: archives made by libarchive, hostile ones included, and what lies in a folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace podium::scraper::testing {

struct ArchiveMember {
  enum class Kind { file, folder, symbolic_link, hard_link, device };

  std::string path;
  std::string content;
  Kind kind = Kind::file;
};

/// By the name's ending: .zip, .tar, .tgz, or .tar with .gz, .bz2, .xz or .zst. Throws when it
/// cannot be written.
void write_archive(const std::filesystem::path& file, const std::vector<ArchiveMember>& members);

/// One text, compressed by the ending: .gz, .bz2, .xz or .zst.
void write_compressed(const std::filesystem::path& file, const std::string& content);

/// Path below `folder` to content, of every file.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);

std::string text_of(const std::filesystem::path& file);

}  // namespace podium::scraper::testing
