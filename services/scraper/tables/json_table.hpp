// Turns a JSON file that holds a table into a CSV table: an array of objects, one object a line, or
// an object of columns (as pandas writes it by default). What a cell holds below it stays JSON. The
// first two are read in constant memory. One thread at a time; repeating is safe.
#pragma once

#include <filesystem>
#include <optional>

#include "libs/chassis/result.hpp"
#include "services/scraper/tables/plain_copy.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

/// Writes `target`, which is not there after an error; nullopt when the file holds something else
/// than a table. DATA_UNREADABLE (what is wrong, without the file's name) when it is no JSON, and
/// the errors of CsvFile.
Result<std::optional<PlainCopy>> json_to_csv(const std::filesystem::path& file,
                                             const std::filesystem::path& target,
                                             UnpackAccount& account);

}  // namespace podium::scraper::tables
