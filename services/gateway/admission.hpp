// Lets jobs in: takes a ticket (the broker counts them, so any number of gateways is exact), then
// publishes `requested`. Every step is safe to repeat; a crash between the two is mended by
// TicketKeeper, because the ticket holds the whole event. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"
#include "services/gateway/run_request.hpp"

namespace podium::gateway {

/// The id that (tenant, idempotency key) gives.
std::string job_id_of(std::string_view tenant, std::string_view idempotency_key);

/// The `requested` event of a new job, without its ticket. `traceparent` is the span that took the
/// request in.
v1::Event requested_event(const RunRequest& request, std::string_view job_id,
                          std::string_view tenant, std::string_view traceparent);

/// The ticket's own name on the bus: the same job never holds two tickets inside the window.
std::string ticket_message_id(const v1::Event& requested);

/// `requested` of a job as stream JOBS holds it; nullopt when there is none. INVALID when the id is
/// not one.
Result<std::optional<v1::Event>> find_requested(Bus& bus, std::string_view job_id);

class Admission {
 public:
  Admission(Bus& bus, EventPublisher& publisher, KeyValue& searches);

  /// The job's `requested` event, as it stands on the bus: of this request, or of the earlier one
  /// with the same idempotency key. TOO_MANY_JOBS when the limit is reached, IDEMPOTENCY_KEY_REUSED
  /// when the key was used for something else, UNAVAILABLE when the broker is away; then nothing is
  /// admitted, or (when the answer was lost) the job of the ticket.
  Result<v1::Event> admit(const RunRequest& request, std::string_view tenant,
                          std::string_view traceparent);

 private:
  Result<std::optional<v1::Event>> find_earlier(std::string_view job_id);
  Result<v1::Event> publish_requested(v1::Event requested, std::string_view traceparent);

  Bus& bus_;
  EventPublisher& publisher_;
  KeyValue& searches_;
};

}  // namespace podium::gateway
