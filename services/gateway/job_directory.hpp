// Finds a job wherever it is known: in the projection, else on the bus. A job that was answered
// with 201 is never unknown, even if the projection is behind or the database is away. Thread-safe.
#pragma once

#include <chrono>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "services/gateway/events_hub.hpp"
#include "services/gateway/job_facts.hpp"
#include "services/gateway/job_views.hpp"
#include "services/gateway/ticket_keeper.hpp"

namespace podium::gateway {

class JobDirectory {
 public:
  JobDirectory(JobViews& views, Bus& bus, KeyValue& searches, TicketKeeper& tickets,
               EventsHub& hub);

  /// The newest that is known. `tenant` is empty for callers that see all; a job of another tenant
  /// is as unknown as none: JOB_UNKNOWN. UNAVAILABLE when a place that may know it is away.
  Result<JobFacts> find(std::string_view job_id, std::string_view tenant);

  /// The same once the job has ended, or at `deadline` as it is then.
  Result<JobFacts> find_ended(std::string_view job_id, std::string_view tenant,
                              EventsHub::Clock::time_point deadline);

 private:
  Result<std::optional<JobFacts>> find_anywhere(std::string_view job_id);
  Result<std::optional<JobFacts>> find_on_bus(std::string_view job_id);
  Result<void> apply_end_on_bus(JobFacts& facts);

  JobViews& views_;
  Bus& bus_;
  KeyValue& searches_;
  TicketKeeper& tickets_;
  EventsHub& hub_;
};

}  // namespace podium::gateway
