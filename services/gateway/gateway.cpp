#include "services/gateway/gateway.hpp"

#include <chrono>
#include <utility>

#include "services/gateway/admission.hpp"
#include "services/gateway/capacity.hpp"
#include "services/gateway/events_hub.hpp"
#include "services/gateway/file_routes.hpp"
#include "services/gateway/job_directory.hpp"
#include "services/gateway/job_log.hpp"
#include "services/gateway/job_routes.hpp"
#include "services/gateway/job_views.hpp"
#include "services/gateway/run_routes.hpp"
#include "services/gateway/steer_routes.hpp"
#include "services/gateway/system_routes.hpp"

namespace podium::gateway {
namespace {

/// Requests under way get so long when the service stops; kDrainMax is for all of it.
constexpr std::chrono::milliseconds kStopMax{5'000};

}  // namespace

/// In the order in which they stand on one another.
struct Gateway::Parts {
  Parts(Config settings, const World& outside, std::unique_ptr<KeyValue> searches_bucket,
        std::unique_ptr<KeyValue> capacity_bucket, const Pace& pace)
      : config{std::move(settings)},
        world{outside},
        searches{std::move(searches_bucket)},
        capacity_values{std::move(capacity_bucket)},
        access{config.access},
        views{world.database},
        hub{world.bus, {}},
        tickets{world.bus, world.publisher, pace.tickets},
        directory{views, world.bus, *searches, tickets, hub},
        admission{world.bus, world.publisher, *searches},
        capacity{*capacity_values},
        log{views, world.bus, world.artifacts, directory},
        event_stream{views, hub, pace.streams},
        server{config.http} {}

  const Config config;
  const World world;
  const std::unique_ptr<KeyValue> searches;
  const std::unique_ptr<KeyValue> capacity_values;
  const Access access;
  JobViews views;
  EventsHub hub;
  TicketKeeper tickets;
  JobDirectory directory;
  Admission admission;
  CapacityReader capacity;
  JobLog log;
  EventStream event_stream;
  HttpServer server;
};

Result<std::unique_ptr<Gateway>> Gateway::open(Config config, const World& world, Pace pace) {
  auto searches = PODIUM_TRY(world.bus.bucket("searches"));
  auto capacity = PODIUM_TRY(world.bus.bucket("capacity"));
  auto parts = std::make_unique<Parts>(std::move(config), world, std::move(searches),
                                       std::move(capacity), pace);
  Parts& all = *parts;
  const JsonOptions json{.traces_url = all.config.traces_url,
                         .artifacts_place = all.config.artifacts.place()};
  all.server.set_gate([&all](const HttpRequest& request) {
    return all.access.refuse(request, std::chrono::system_clock::now());
  });
  add_run_routes(all.server, {.access = all.access,
                              .admission = all.admission,
                              .capacity = all.capacity,
                              .json = json,
                              .sends_mail = all.config.sends_mail});
  add_job_routes(all.server, {.access = all.access,
                              .directory = all.directory,
                              .views = all.views,
                              .log = all.log,
                              .events = all.event_stream,
                              .hub = all.hub,
                              .bus = all.world.bus,
                              .artifacts = all.world.artifacts,
                              .json = json});
  add_steer_routes(all.server, {.access = all.access,
                                .directory = all.directory,
                                .views = all.views,
                                .admission = all.admission,
                                .capacity = all.capacity,
                                .bus = all.world.bus,
                                .publisher = all.world.publisher,
                                .json = json,
                                .sends_mail = all.config.sends_mail});
  add_file_routes(all.server, {.access = all.access,
                               .directory = all.directory,
                               .views = all.views,
                               .artifacts = all.world.artifacts,
                               .upload_bytes_max = all.config.upload_bytes_max});
  PODIUM_TRY(add_system_routes(all.server, {.views = all.views,
                                            .hub = all.hub,
                                            .bus = all.world.bus,
                                            .capacity = all.capacity,
                                            .readiness = all.world.readiness,
                                            .schemas_folder = all.config.schemas_folder}));
  return std::unique_ptr<Gateway>{new Gateway{std::move(parts)}};
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

Gateway::~Gateway() {
  drain();
  stop();
}

Result<void> Gateway::start() {
  return parts_->server.start();
}
int Gateway::port() const {
  return parts_->server.port();
}
std::vector<std::string> Gateway::routes() const {
  return parts_->server.routes();
}

Result<void> Gateway::run_tickets(std::stop_token stop) {
  return parts_->tickets.run(std::move(stop));
}

Result<void> Gateway::run_events(std::stop_token stop) {
  return parts_->hub.run(std::move(stop));
}

Result<void> Gateway::check_projection() {
  PODIUM_TRY(parts_->views.projected_sequence());
  return {};
}

void Gateway::drain() {
  parts_->hub.close();
}
void Gateway::stop() {
  parts_->server.stop(kStopMax);
}

}  // namespace podium::gateway
