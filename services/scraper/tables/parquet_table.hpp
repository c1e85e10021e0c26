// Turns a Parquet file into a CSV table. Memory grows with the columns, not with the rows. Flat
// columns come over; lists and structures do not. One thread at a time; repeating is safe.
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "services/scraper/tables/plain_copy.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

/// Writes `target`, which is not there after an error: DATA_UNREADABLE (what is wrong, without the
/// file's name), and those of CsvFile.
Result<PlainCopy> parquet_to_csv(const std::filesystem::path& file,
                                 const std::filesystem::path& target, UnpackAccount& account);

}  // namespace podium::scraper::tables
