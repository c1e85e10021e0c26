// How far a job is: its stage and its progress, from its row alone. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// Progress when the data is there, and the most that a job shows before it has ended.
inline constexpr std::int64_t kProgressScraped = 10;
inline constexpr std::int64_t kProgressOpenMax = 95;
inline constexpr std::int64_t kProgressDone = 100;

/// executing while a candidate waits for a sandbox or is in one, else generating while one is being
/// written; between candidates scoring, and planning before the first. fetching until the
/// competition is scraped.
std::string stage_of(const JobRow& job);

/// Progress at `time`, never less than the row has. While data is fetched it goes from 1 to
/// kProgressScraped with the bytes; then to kProgressOpenMax with whatever is further, candidates
/// done of those allowed or time used of the time until the deadline; kProgressDone at the end.
std::int64_t progress_of(const JobRow& job, Moment time);

}  // namespace podium::tracker
