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

/// Files of a folder below `data` whose names differ in their numbers only and whose first lines
/// are alike become one, in the order of the numbers, when they or their folder are called train or
/// test; those of several stages of a competition stay apart. Tells what it joined. The errors of
/// UnpackAccount; UNAVAILABLE when the disk does not take it.
Result<std::vector<std::string>> join_tables(const std::filesystem::path& data,
                                             UnpackAccount& account);

}  // namespace podium::scraper::tables
