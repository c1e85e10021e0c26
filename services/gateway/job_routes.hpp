// Everything that is asked about jobs: /status, /jobs, /logs, /events.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/gateway/access.hpp"
#include "services/gateway/event_stream.hpp"
#include "services/gateway/events_hub.hpp"
#include "services/gateway/job_directory.hpp"
#include "services/gateway/job_json.hpp"
#include "services/gateway/job_log.hpp"

namespace podium::gateway {

/// Longest `?wait=`; a longer one is cut to it.
inline constexpr std::chrono::seconds kWaitMax{60};
/// Most jobs on one page.
inline constexpr std::int64_t kJobsPageMax = 200;

struct JobRoutes {
  const Access& access;
  JobDirectory& directory;
  JobViews& views;
  JobLog& log;
  EventStream& events;
  EventsHub& hub;
  Bus& bus;
  ArtifactStore& artifacts;
  JsonOptions json;
};

/// The parts must outlive the server.
void add_job_routes(HttpServer& server, const JobRoutes& routes);

}  // namespace podium::gateway
