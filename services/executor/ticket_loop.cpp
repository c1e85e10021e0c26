#include "services/executor/ticket_loop.hpp"

#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/streams.hpp"
#include "libs/chassis/trace.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

/// The span of taking the ticket in charge: ended at once, so that the trace is whole while the run
/// goes on; what the run causes are its children.
std::string process_span(const v1::Event& ticket, const Delivery& delivery,
                         const std::string& durable) {
  const auto name = subject_template(ticket);
  auto span = start_span("process " + name, SpanKind::consumer, ticket.trace().traceparent(),
                         {{"messaging.system", "nats"},
                          {"messaging.operation.name", "process"},
                          {"messaging.operation.type", "process"},
                          {"messaging.destination.name", delivery.subject()},
                          {"messaging.destination.template", name},
                          {"messaging.message.id", ticket.id()},
                          {"messaging.message.conversation_id", ticket.job_id()},
                          {"messaging.consumer.group.name", durable},
                          {"nats.stream", streams::kRuns},
                          {"nats.sequence", delivery.sequence()},
                          {"nats.num_delivered", delivery.deliveries()}},
                         ticket.trace().traceparent());
  span.end();
  return span.traceparent();
}

/// An empty answer says that nothing was left.
void note_pending(const Delivery* delivery, const std::string& durable) {
  const auto left = delivery == nullptr ? 0 : delivery->pending();
  gauge(metrics::kConsumerPending, static_cast<double>(left), {{"consumer", durable}});
}

void note_taken(const v1::Event& ticket, const std::string& durable) {
  const std::chrono::duration<double> age =
      std::chrono::system_clock::now() - from_proto(ticket.time());
  observe_seconds(metrics::kEventAge, age.count(), {{"consumer", durable}});
  count(metrics::kEventsHandled, {{"consumer", durable}, {"outcome", "taken"}});
}

}  // namespace

Result<v1::Event> read_ticket(std::string_view subject, std::string_view data) {
  auto event = PODIUM_TRY(parse_event(data));
  if (!event.has_run_ticket()) return fail(errors::kInvalid, "the event is no run ticket");
  const auto& ticket = event.run_ticket();
  for (const auto& id : {event.job_id(), ticket.run_id(), ticket.candidate_id()}) {
    if (!is_valid_id(id)) return fail(errors::kInvalid, "a name in the run ticket is no id");
  }
  if (PODIUM_TRY(subject_of(event)) != subject) {
    return fail(errors::kInvalid, "the run ticket is not what its subject says");
  }
  return event;
}

void TicketLoop::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (!parts_.ready() || !parts_.slots.has_room()) {
      pause_for(kPullPause, stop);
      continue;
    }
    auto delivery = ask(stop);
    if (delivery == nullptr) continue;
    turns_.taken();
    take(std::move(delivery), asked_last_, stop);
  }
  // Closing the consumers gives back what they were sent and nobody took.
  consumers_.clear();
}

std::unique_ptr<Delivery> TicketLoop::ask(std::stop_token stop) {
  for (const auto& queue : turns_.order()) {
    if (stop.stop_requested()) return nullptr;
    asked_last_ = queue.durable();
    const auto consumer = consumer_of(asked_last_);
    auto delivery = consumer ? (*consumer)->next(kPullWait)
                             : Result<std::unique_ptr<Delivery>>{std::unexpected{consumer.error()}};
    if (!delivery) {
      log_debug("the work queue does not answer", {{"error", delivery.error().text()}});
      pause_for(kPullPause, stop);
      return nullptr;
    }
    note_pending(delivery->get(), asked_last_);
    if (*delivery != nullptr) return std::move(*delivery);
  }
  return nullptr;
}

Result<PullConsumer*> TicketLoop::consumer_of(const std::string& durable) {
  auto& consumer = consumers_[durable];
  if (consumer == nullptr) consumer = PODIUM_TRY(parts_.open(durable));
  return consumer.get();
}

void TicketLoop::take(std::unique_ptr<Delivery> delivery, const std::string& durable,
                      std::stop_token stop) {
  auto ticket = read_ticket(delivery->subject(), delivery->data());
  if (!ticket) {
    log_error("a run ticket cannot be read", {{"error", ticket.error().text()}});
    if (const auto ended = delivery->terminate(ticket.error().text()); !ended) {
      log_warning("a ticket could not be settled", {{"error", ended.error().text()}});
    }
    return;
  }
  note_taken(*ticket, durable);
  ticket->mutable_trace()->set_traceparent(process_span(*ticket, *delivery, durable));
  const auto added = parts_.live.add(std::move(*ticket), std::move(delivery));
  if (added.is_new) begin(added.run, stop);
}

/// A run that does not fit yet is the next that begins: nothing else is asked for meanwhile, so
/// that large runs do not starve behind small ones. Its ticket is kept by the beats.
void TicketLoop::begin(const std::shared_ptr<LiveRun>& run, std::stop_token stop) {
  const auto limits = parts_.stage.limits_of(*run);
  bool has_slot = parts_.slots.try_take(limits);
  while (!has_slot && !stop.stop_requested() && !run->stop_token().stop_requested()) {
    pause_for(kPullPause, stop);
    has_slot = parts_.slots.try_take(limits);
  }
  if (!has_slot && stop.stop_requested()) {
    parts_.live.finish(*run,
                       {.kind = Settlement::Kind::hand_back, .delay = kDrainDelay, .reason = {}});
    return;
  }
  if (!has_slot) parts_.slots.take(limits);  // Nobody wants it any more: it only has to be told.
  parts_.pool.begin(run, limits);
}

}  // namespace podium::executor
