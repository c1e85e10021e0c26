// The gateway as a whole: every part made once and joined, and the HTTP server over them. main.cpp
// gives it the world; tests give it another one.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/gateway/config.hpp"
#include "services/gateway/event_stream.hpp"
#include "services/gateway/ticket_keeper.hpp"

namespace podium::gateway {

/// What the gateway stands on; all must outlive it.
struct World {
  Bus& bus;
  EventPublisher& publisher;
  Database& database;
  ArtifactStore& artifacts;
  /// The answer of /readyz.
  std::function<HttpResponse()> readiness;
};

/// Times that only tests change.
struct Pace {
  TicketKeeperOptions tickets = {};
  EventStreamOptions streams = {};
};

class Gateway {
 public:
  /// UNAVAILABLE while the broker or one of its buckets is away.
  static Result<std::unique_ptr<Gateway>> open(Config config, const World& world, Pace pace = {});
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Begins to serve. UNAVAILABLE when the port is taken.
  Result<void> start();
  int port() const;
  /// "METHOD /path" of every route.
  std::vector<std::string> routes() const;

  /// Follows the tickets, and the events, until stopped; each on a thread of the caller's.
  Result<void> run_tickets(std::stop_token stop);
  Result<void> run_events(std::stop_token stop);

  /// A readiness check: the projection can be read.
  Result<void> check_projection();

  /// Ends the answers that stay open, so that the rest can be drained.
  void drain();
  /// Lets requests under way finish, then closes the port.
  void stop();

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace podium::gateway
