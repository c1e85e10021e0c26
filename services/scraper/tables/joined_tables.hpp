// Puts together training and test rows that lie in several CSV files of one kind: train_1.csv,
// train_2.csv ..., or the parts in a folder train/. One thread at a time; the folder is the
// caller's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

/// Files of a folder below `data` become one when their first lines are alike, their names differ
/// in one number that counts from 0 or 1 without a gap, and say no more than train or test and the
/// number, or that they are parts (then it is enough that the folder is called train or test); no
/// other files may claim the place. All others stay as they are: a name that tells a row's id or
/// day is data. Tells what it joined, and what it did not for want of room. STOPPED; UNAVAILABLE
/// when the disk does not take it.
Result<std::vector<std::string>> join_tables(const std::filesystem::path& data,
                                             UnpackAccount& account);

}  // namespace podium::scraper::tables
