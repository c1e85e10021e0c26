// What the tracker tells about itself: a span per event, the metrics of the projection.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/tracker/ports.hpp"
#include "services/tracker/recorded.hpp"

namespace podium::tracker {

/// After a batch is written: a short consumer span per event in the event's own trace (but for
/// progressed, which comes every second), and the counters.
void tell_applied(const std::vector<Recorded>& batch, const Applied& applied);
/// A message that the database refused.
void tell_refused(const Recorded& message, const std::string& detail);
void tell_lag(std::int64_t events);
/// Stages without jobs are set to zero.
void tell_open_jobs(const std::map<std::string, std::int64_t>& jobs_by_stage);

}  // namespace podium::tracker
