// For tests of this folder: a real nats-server with the streams that a test asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/event.hpp"
#include "tests/support/nats_server.hpp"

namespace podium::testing {

/// Parts of a test that wait, wait at most so long on a loaded machine.
inline constexpr std::chrono::seconds kPatience{20};

inline constexpr std::string_view kTestJob = "0199b2c4-7a31-7000-8000-000000000001";

class TestBroker {
 public:
  /// `config_file` as NatsServer takes it. Throws when the server cannot be started or reached.
  explicit TestBroker(std::filesystem::path config_file = {});

  NatsServer& server() { return server_; }
  /// A connection that has all rights.
  Bus& bus() { return *bus_; }
  BusOptions options() const;
  /// One more connection.
  std::unique_ptr<Bus> connect() const;

  /// Calls the JetStream API; throws when it answers an error.
  std::string api(std::string_view subject, std::string_view request);
  /// A stream with direct gets; `more` is JSON text of further fields, beginning with a comma.
  void make_stream(std::string_view name, std::string_view subjects, std::string_view more = {});
  /// A durable with explicit acknowledgements; `more` as above.
  void make_consumer(std::string_view stream, std::string_view durable, std::string_view more = {});
  /// A bucket as NATS ADR-8 lays it out.
  void make_bucket(std::string_view name);

 private:
  NatsServer server_;
  std::unique_ptr<Bus> bus_;
};

/// An event `ended` of kTestJob.
v1::Event ended_event();
/// An event `drafted` of kTestJob for a candidate.
v1::Event drafted_event(std::string_view candidate);
/// An event `progressed` of kTestJob; not one of those that happen once.
v1::Event progressed_event(std::string_view phase, unsigned attempt = 1);

}  // namespace podium::testing
