#include "services/scraper/tables/csv_file.hpp"

#include <algorithm>
#include <format>
#include <system_error>

#include "libs/competition/cell.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {

CsvFile::CsvFile(std::filesystem::path target, std::uint64_t source_bytes, UnpackAccount& account)
    : target_{std::move(target)},
      source_bytes_{std::max<std::uint64_t>(source_bytes, 1)},
      account_{account},
      out_{target_, std::ios::binary} {}

CsvFile::~CsvFile() {
  if (finished_) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(target_, ignored);
  account_.give_back(taken_);
}

void CsvFile::add_cell(std::string_view cell) {
  if (in_row_) text_ += ',';
  in_row_ = true;
  competition::append_csv_field(text_, cell, ',');
}

Result<void> CsvFile::end_row() {
  text_ += '\n';
  in_row_ = false;
  return text_.size() < kTextBytes ? Result<void>{} : flush();
}

Result<void> CsvFile::finish() {
  PODIUM_TRY(flush());
  out_.close();
  if (!out_) return fail(errors::kUnavailable, "cannot write " + target_.string());
  finished_ = true;
  return {};
}

Result<void> CsvFile::flush() {
  written_ += text_.size();
  if (written_ > kRatioFloorBytes && written_ / kRatioMax > source_bytes_) {
    return fail(
        competition::reasons::kArchiveUnsafe,
        std::format("{} holds more than {} times its size", target_.stem().string(), kRatioMax));
  }
  PODIUM_TRY(account_.take(text_.size()));
  taken_ += text_.size();
  out_ << text_;
  if (!out_) return fail(errors::kUnavailable, "cannot write " + target_.string());
  text_.clear();
  return {};
}

}  // namespace podium::scraper::tables
