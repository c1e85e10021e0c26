#include "services/scraper/tables/csv_file.hpp"

#include <format>
#include <system_error>

#include "libs/competition/cell.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {

CsvFile::CsvFile(std::filesystem::path target, std::uint64_t source_bytes, UnpackAccount& account)
    : target_{std::move(target)}, source_bytes_{source_bytes}, account_{account}, out_{target_} {}

CsvFile::~CsvFile() {
  if (finished_) return;
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
  PODIUM_TRY(out_.close());
  finished_ = true;
  return {};
}

Result<void> CsvFile::flush() {
  written_ += text_.size();
  if (is_bomb(written_, source_bytes_)) {
    return fail(
        competition::reasons::kArchiveUnsafe,
        std::format("{} holds more than {} times its size", target_.stem().string(), kRatioMax));
  }
  PODIUM_TRY(account_.take(text_.size()));
  taken_ += text_.size();
  PODIUM_TRY(out_.write(text_));
  text_.clear();
  return {};
}

}  // namespace podium::scraper::tables
