// The names of the streams that the set-up step makes (schemas/streams.json). Constants.
#pragma once

#include <string_view>

namespace podium::streams {

/// Events of jobs.
inline constexpr std::string_view kJobs = "JOBS";
/// Tickets of open jobs.
inline constexpr std::string_view kTickets = "TICKETS";
/// Runs that wait for an executor.
inline constexpr std::string_view kRuns = "RUNS";
/// Live lines of runs.
inline constexpr std::string_view kLogs = "LOGS";
/// Advisories of events that were given up.
inline constexpr std::string_view kDeadLetters = "DEAD_LETTERS";

}  // namespace podium::streams
