// Composition root of the gateway: the only place where its parts meet the world.
#include "libs/chassis/service.hpp"
#include "services/gateway/config.hpp"
#include "services/gateway/gateway.hpp"

int main() {
  using podium::Result;
  return podium::run_service("gateway", [](podium::Service& service) -> Result<void> {
    auto config = PODIUM_TRY(podium::gateway::load_config(service.environment()));
    auto artifacts = PODIUM_TRY(podium::open_artifact_store(config.artifacts));
    auto database = PODIUM_TRY(podium::Database::open(config.database));
    podium::Bus* bus = PODIUM_TRY(service.bus());
    auto gateway = PODIUM_TRY(podium::gateway::Gateway::open(
        std::move(config), {.bus = *bus,
                            .publisher = service.publisher(),
                            .database = *database,
                            .artifacts = *artifacts,
                            .readiness = [&service] { return service.readiness(); }}));

    service.add_task("tickets",
                     [&](const std::stop_token& stop) { return gateway->run_tickets(stop); });
    service.add_task("events",
                     [&](const std::stop_token& stop) { return gateway->run_events(stop); });
    service.add_check("projection", [&] { return gateway->check_projection(); });
    service.on_drain([&] { gateway->drain(); });
    PODIUM_TRY(gateway->start());
    auto ended = service.run_until_signalled();
    gateway->stop();
    return ended;
  });
}
