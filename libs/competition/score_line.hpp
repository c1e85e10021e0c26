// Reads the score that a candidate's program reports: the last line of its log that is a JSON
// object with a value, such as {"metric": "rmsle", "value": 0.131, "folds": 5, "spread": 0.008}.
// The log is hostile text; nothing in it is believed but a number that the metric can have. Pure;
// thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"

namespace podium::competition {

/// How far back from the log's end a score is looked for, and the longest line that can be one.
inline constexpr std::size_t kScoreTailBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kScoreLineBytesMax = 4096;
/// More folds than anybody validates with.
inline constexpr std::uint32_t kScoreFoldsMax = 1000;

/// The score that the log's tail reports for the asked metric, of kind "reported". Name and
/// direction come from `metric`; where the competition names none, from the catalogue's entry of
/// the metric that the program says it used. SCORE_MISSING when no line reports one;
/// SCORE_IMPOSSIBLE when the value is no finite number, outside the metric's range, or of another
/// metric.
Result<v1::Score> read_score(std::string_view log_tail, const v1::Metric& metric);

}  // namespace podium::competition
