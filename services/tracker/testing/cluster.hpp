// A nats-server with stream JOBS and a PostgreSQL set up by schemas/sql, for the tracker's tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "podium/v1/event.pb.h"
#include "services/tracker/adapters/postgres_projection_store.hpp"
#include "services/tracker/track_task.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/postgres_server.hpp"

namespace podium::tracker::testing {

class Cluster {
 public:
  Cluster();

  podium::testing::NatsServer nats;
  podium::testing::PostgresServer postgres;

  std::unique_ptr<Bus> connect() const;
  /// As podium_tracker, podium_gateway, or the owner podium.
  std::unique_ptr<Database> open(const std::string& role) const;
  void make_stream();
  void delete_stream();
  /// Publishes the events in order; their ids are the message ids.
  void publish(const std::vector<v1::Event>& events);
  /// Publishes bytes that need not be an event.
  void publish_raw(std::string_view subject, std::string_view bytes);

  /// sha256 of every row of every table of the projection, in the order of the keys.
  std::string projection_hash();
  std::int64_t number(std::string_view sql);
  /// True once the projection knows the stream's last message.
  bool is_up_to_date();

 private:
  std::unique_ptr<Bus> bus_;
  std::unique_ptr<Database> owner_;
};

/// A tracker with connections of its own, on a thread.
class RunningTracker {
 public:
  explicit RunningTracker(const Cluster& cluster);
  ~RunningTracker();

 private:
  std::unique_ptr<Bus> bus_;
  std::unique_ptr<Database> database_;
  PostgresProjectionStore store_;
  std::jthread thread_;
};

}  // namespace podium::tracker::testing
