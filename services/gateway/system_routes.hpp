// What the gateway says of itself: health, readiness, metrics, and the descriptions of its
// interfaces.
#pragma once

#include <filesystem>
#include <functional>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"
#include "services/gateway/capacity.hpp"
#include "services/gateway/events_hub.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

struct SystemRoutes {
  JobViews& views;
  EventsHub& hub;
  Bus& bus;
  CapacityReader& capacity;
  std::function<HttpResponse()> readiness;
  std::filesystem::path schemas_folder;
};

/// Reads the descriptions now; CONFIGURATION when the folder does not hold them. The parts must
/// outlive the server.
Result<void> add_system_routes(HttpServer& server, const SystemRoutes& routes);

}  // namespace podium::gateway
