// Brings the tables of a competition into the one form that profiles, checks and programs read: CSV
// in one file. Parquet files and JSON tables become CSV; training and test rows that lie in several
// files of one kind become one file. One thread at a time; the folder is the caller's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/ports.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

/// Changes the files below `data` and tells what it did, in sentences for the one who asked. A file
/// that cannot be read, holds far more than its size or would not fit the account as a table stays
/// as it is and is told of. A file goes once all that it holds is in a table; where something does
/// not fit into one, both stay. DATA_TOO_LARGE when the files themselves are beyond the account,
/// STOPPED; UNAVAILABLE when the disk does not take it.
Result<std::vector<std::string>> make_tables_plain(const std::filesystem::path& data,
                                                   UnpackAccount& account,
                                                   const FetchControl& control);

}  // namespace podium::scraper::tables
