// The check that a predictions file must pass before it is a submission: against the sample
// submission's columns and ids, the metric's range, and the rule that a constant or copied answer
// is never a success. The file is hostile: it is streamed under limits and its text is never
// trusted. Meant to be called in a small process of its own; uses no thread, no clock, no network.
#pragma once

#include <cstdint>
#include <filesystem>

#include "libs/chassis/result.hpp"
#include "libs/competition/csv_reader.hpp"
#include "libs/competition/prediction_check.hpp"
#include "podium/v1/run.pb.h"

namespace podium::competition {

struct SubmissionLimits {
  /// Refused beyond with SUBMISSION_TOO_LARGE. Ten million rows of two columns fit.
  std::uint64_t file_bytes_max = std::uint64_t{512} * 1024 * 1024;
  /// Rows of the sample that the check can hold: about 24 bytes of memory each.
  std::uint64_t rows_max = 10'000'000;
  /// A list of labels or a mask in run lengths may be long, nothing else is.
  CsvLimits csv{.field_bytes_max = std::size_t{1} * 1024 * 1024,
                .row_bytes_max = std::size_t{4} * 1024 * 1024,
                .columns_max = 20'000};
};

/// From so many rows on, predictions that equal the sample's own in every row are a copy of it
/// rather than a coincidence.
inline constexpr std::uint64_t kCopyRowsMin = 20;

/// Open descriptors that the caller closes. `predictions` must be a regular file (or a memfd), for
/// its rows may stand in any order; `submission` is written from where it stands.
struct SubmissionFiles {
  int predictions = -1;
  int sample = -1;
  int submission = -1;
};

/// The verdict on a predictions file; when accepted, the canonical submission has been written: the
/// sample's columns and row order, ids spelled as in the sample, comma or the sample's delimiter,
/// LF. What is wrong with the predictions is a verdict with its SUBMISSION_… code; an Error means
/// that the sample cannot be read or the submission cannot be written. Memory: 24 bytes a row.
Result<v1::Verdict> check_submission(const SubmissionFiles& files, const SubmissionRules& rules,
                                     const SubmissionLimits& limits = {});

/// The same by paths; the submission is written anew. A predictions path that is no regular file is
/// the verdict SUBMISSION_MISSING.
Result<v1::Verdict> check_submission_file(const std::filesystem::path& predictions,
                                          const std::filesystem::path& sample,
                                          const std::filesystem::path& submission,
                                          const SubmissionRules& rules,
                                          const SubmissionLimits& limits = {});

}  // namespace podium::competition
