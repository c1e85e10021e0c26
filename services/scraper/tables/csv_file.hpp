// Writes a CSV table (RFC 4180, UTF-8) of what another file held, in the account of the scrape. One
// thread at a time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

class CsvFile {
 public:
  /// Makes `target` anew, from a file of `source_bytes`: a table that is far larger is refused as a
  /// bomb. `account` must outlive this.
  CsvFile(std::filesystem::path target, std::uint64_t source_bytes, UnpackAccount& account);
  /// Takes away what was not finished, out of the account too.
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  void add_cell(std::string_view cell);
  /// ARCHIVE_UNSAFE for a bomb; DATA_TOO_LARGE, STOPPED as the account says; DISK_TOO_SMALL
  /// when the disk is full, UNAVAILABLE for other trouble with it.
  Result<void> end_row();
  Result<void> finish();

 private:
  Result<void> flush();

  std::filesystem::path target_;
  std::uint64_t source_bytes_;
  UnpackAccount& account_;
  FileWriter out_;
  std::string text_;
  std::uint64_t written_ = 0;
  std::uint64_t taken_ = 0;
  bool in_row_ = false;
  bool finished_ = false;
};

}  // namespace podium::scraper::tables
