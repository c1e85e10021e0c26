#include "libs/chassis/bus/event_publisher.hpp"

#include <chrono>
#include <format>

#include "libs/chassis/bus/event_headers.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/trace.hpp"

namespace podium {
namespace {

constexpr Metric kPublished{"podium_events_published_total", "Events published, by type."};

Span producer_span(const v1::Event& event, std::string_view subject, std::string_view parent) {
  const auto destination = subject_template(event);
  return start_span("publish " + destination, SpanKind::producer, parent,
                    {{"messaging.system", "nats"},
                     {"messaging.operation.name", "publish"},
                     {"messaging.operation.type", "send"},
                     {"messaging.destination.name", subject},
                     {"messaging.destination.template", destination},
                     {"messaging.message.id", event.id()},
                     {"messaging.message.conversation_id", event.job_id()}});
}

Result<Published> send(Bus& bus, const v1::Event& event, std::string_view subject) {
  const auto bytes = event.SerializeAsString();
  if (bytes.size() > kEventBytesMax) {
    return fail(errors::kTooLarge, std::format("{} has {} bytes, {} are the limit", event.id(),
                                               bytes.size(), kEventBytesMax));
  }
  auto published = bus.publish(subject, bytes,
                               {.message_id = event.id(),
                                .expect_empty_subject = happens_once(event),
                                .headers = headers_of(event)});
  const bool done = !published && published.error().is(errors::kDoneAlready);
  if (done) return Published{.sequence = 0, .duplicate = true};
  if (published && !published->duplicate) {
    count(kPublished, {{"type", event_name(event)}});
  }
  return published;
}

Result<std::string> checked_subject(const v1::Event& event) {
  if (event.id().empty()) return fail(errors::kInvalid, "an event without id cannot be published");
  return subject_of(event);
}

}  // namespace

EventPublisher::EventPublisher(Bus& bus, std::string producer)
    : bus_{bus}, producer_{std::move(producer)} {}

Result<Published> EventPublisher::publish(v1::Event event, std::string_view parent) {
  const auto subject = PODIUM_TRY(checked_subject(event));
  if (!event.has_time()) *event.mutable_time() = to_proto(std::chrono::system_clock::now());
  if (event.producer().empty()) event.set_producer(producer_);

  const std::string caused_by{parent.empty() ? event.trace().traceparent() : parent};
  auto span = producer_span(event, subject, caused_by);
  event.mutable_trace()->set_traceparent(span.traceparent());
  auto published = send(bus_, event, subject);
  if (!published) span.fail(published.error().code->name, published.error().detail);
  return published;
}

Result<Published> EventPublisher::publish_as_is(const v1::Event& event) {
  return send(bus_, event, PODIUM_TRY(checked_subject(event)));
}

}  // namespace podium
