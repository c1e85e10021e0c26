// What people do to a job that exists: cancelling it, giving it advice, trying it again,
// sending its submission to Kaggle.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/http/server.hpp"
#include "services/gateway/access.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/capacity.hpp"
#include "services/gateway/job_directory.hpp"
#include "services/gateway/job_json.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

struct SteerRoutes {
  const Access& access;
  JobDirectory& directory;
  JobViews& views;
  Admission& admission;
  CapacityReader& capacity;
  Bus& bus;
  EventPublisher& publisher;
  JsonOptions json;
  /// A mail server is set up.
  bool sends_mail;
};

/// The parts must outlive the server.
void add_steer_routes(HttpServer& server, const SteerRoutes& routes);

}  // namespace podium::gateway
