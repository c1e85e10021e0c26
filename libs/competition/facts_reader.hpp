// From a folder of unpacked data and what the door told, to the facts of a competition. Reads every
// table once, and a label column a second time; constant memory. Safe to repeat: the same folder
// gives the same facts. One thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// Tables that are profiled; the rest are listed as files only.
inline constexpr std::size_t kProfiledTablesMax = 200;

struct FactsOptions {
  /// A deadline before it is told as a warning.
  std::chrono::system_clock::time_point now;
  /// Ends the reading with STOPPED.
  std::stop_token stop;
  /// Called with 0 before a table is opened, then now and then with its rows so far.
  std::function<void(std::string_view table, std::uint64_t rows)> on_rows = {};
  /// Asked to write the sample submission of a competition that has none, as kMadeSample below
  /// the data folder: an id and a column for each target, a row for each of `test`. Without
  /// it such a competition is an error.
  std::function<Result<void>(const v1::TableProfile& test, int id_column,
                             const std::vector<std::string>& targets)>
      write_sample = {};
};

/// What is made of a test table where there is no sample submission.
inline constexpr std::string_view kMadeSample = "sample_submission.csv";

/// Hashes of files, and the reference to the data, are the caller's to add.
/// SUBMISSION_SCHEMA_UNKNOWN when there is no sample submission; DATA_UNREADABLE when it cannot be
/// read. Another table that cannot be read is a warning.
Result<v1::CompetitionFacts> read_facts(const std::filesystem::path& data_folder,
                                        const ToldFacts& told, v1::CompetitionDoor door,
                                        const FactsOptions& options);

}  // namespace podium::competition
