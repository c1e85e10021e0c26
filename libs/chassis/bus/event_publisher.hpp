// Puts events on the bus: subject, message id, expectation, headers and the producer span are made
// here and nowhere else. Thread-safe.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// Longest event the bus takes; more is an artifact.
inline constexpr std::size_t kEventBytesMax = 64 * 1024;

class EventPublisher {
 public:
  /// `producer` is the service's name; it is written into events that name none.
  EventPublisher(Bus& bus, std::string producer);

  /// Publishes once, however often it is called with the same event: the id is the message id, and
  /// payloads marked `once` expect an empty subject. An effect that has happened already is a
  /// success (`duplicate` is set). The event's trace is replaced by the span of this publish, whose
  /// parent is `parent` or, if empty, the event's own trace. TOO_LARGE above kEventBytesMax.
  Result<Published> publish(v1::Event event, std::string_view parent = {});

  /// Publishes the event as it stands, byte for byte: for outboxes, where two publishers must send
  /// the same. No span is made; the trace in the event was set when it was decided.
  Result<Published> publish_as_is(const v1::Event& event);

 private:
  Bus& bus_;
  std::string producer_;
};

}  // namespace podium
