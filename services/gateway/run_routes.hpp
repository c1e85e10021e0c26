// POST /run.
#pragma once

#include "libs/chassis/http/server.hpp"
#include "services/gateway/access.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/capacity.hpp"
#include "services/gateway/job_json.hpp"

namespace podium::gateway {

struct RunRoutes {
  const Access& access;
  Admission& admission;
  CapacityReader& capacity;
  JsonOptions json;
  /// A mail server is set up.
  bool sends_mail;
};

/// The parts must outlive the server.
void add_run_routes(HttpServer& server, const RunRoutes& routes);

}  // namespace podium::gateway
