// Tables that a competition leaves out because its other files say the same: the sample submission,
// where the test table and the training table tell it, and the labels, where they are the names of
// the folders that pictures or sounds lie in. One thread at a time; the folder is the caller's own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::tables {

/// Writes `file` below `data`: the ids of the table `test`, in its order, and 0 for each target.
/// DATA_UNREADABLE when the table cannot be read, and the errors of CsvFile.
Result<void> write_sample(const std::filesystem::path& data, const std::string& file,
                          const v1::TableProfile& test, int id_column,
                          const std::vector<std::string>& targets, UnpackAccount& account);

/// Writes train_labels.csv below `data` when the facts know no training rows and the folders of one
/// folder hold pictures or sounds, a folder called train or the only one, and none of them is
/// called like a part of the data (train, val, images): an id `<folder>/<file>` and the folder's
/// name as the label. The sentence to be told; nullopt when nothing was made. The errors of
/// CsvFile.
Result<std::optional<std::string>> write_labels(const std::filesystem::path& data,
                                                const v1::CompetitionFacts& facts,
                                                UnpackAccount& account);

}  // namespace podium::scraper::tables
