// Dead letters: the broker's advisories that an event was given up -> stage_failed.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/result.hpp"

namespace podium::codegen {

/// What an advisory of JetStream says (MAX_DELIVERIES, MSG_TERMINATED; NATS ADR-11 and the server's
/// JSApi schemas `io.nats.jetstream.advisory.v1.max_deliver` and `.terminated`).
struct Advisory {
  std::string stream;
  std::string consumer;
  std::uint64_t sequence = 0;
  std::uint64_t deliveries = 0;
  /// Reason of a termination, "CODE: detail"; empty for MAX_DELIVERIES.
  std::string reason;
};

/// INVALID when the text is not an advisory.
Result<Advisory> parse_advisory(std::string_view json);

/// The event that tells decide of it. `lost` is the event that was given up.
v1::Event stage_failed_event(const Advisory& advisory, const v1::Event& lost);

/// Reads advisories, finds the event each names by its sequence and tells decide. Safe to repeat:
/// the event's id is derived from stream and sequence.
class DeadLetterStage {
 public:
  DeadLetterStage(Bus& bus, EventPublisher& publisher);

  /// Handles one advisory's text: the events to publish, none when the event is gone already or
  /// belongs to no job.
  Result<Events> handle(std::string_view advisory);

  /// Takes advisories from the durable until `stop`. Advisories are the broker's own JSON, not
  /// events, so this loop stands in for the stage runner.
  Result<void> run(std::stop_token stop);

 private:
  Result<void> settle(Delivery& delivery);

  Bus& bus_;
  EventPublisher& publisher_;
};

}  // namespace podium::codegen
