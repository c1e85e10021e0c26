#include "libs/chassis/bus/stage_handling.hpp"

#include <chrono>
#include <exception>
#include <format>
#include <utility>

#include "libs/chassis/bus/stage_context.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/retry_delay.hpp"
#include "libs/chassis/trace.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

constexpr Metric kInFlight{"podium_stage_in_flight", "Events being handled, by stage."};
constexpr Metric kDuration{"podium_stage_duration_seconds",
                           "Time of one handling, by stage and outcome."};

namespace outcomes {
constexpr std::string_view kOk = "ok";
constexpr std::string_view kPostponed = "postponed";
constexpr std::string_view kRetried = "retried";
constexpr std::string_view kHandedBack = "handed_back";
constexpr std::string_view kRejected = "rejected";
constexpr std::string_view kFatal = "fatal";
constexpr std::string_view kUnreadable = "unreadable";
}  // namespace outcomes

/// Counts a handling under way while it lives.
class InFlight {
 public:
  explicit InFlight(std::string_view stage) : stage_{stage} { add(1); }
  ~InFlight() { add(-1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  void add(double amount) { gauge_add(kInFlight, amount, {{"stage", stage_}}); }
  std::string stage_;
};

Span process_span(const v1::Event& event, const Delivery& delivery, const StageOptions& options) {
  const auto destination = subject_template(event);
  const auto& cause = event.trace().traceparent();
  return start_span("process " + destination, SpanKind::consumer, cause,
                    {{"messaging.system", "nats"},
                     {"messaging.operation.name", "process"},
                     {"messaging.operation.type", "process"},
                     {"messaging.destination.name", delivery.subject()},
                     {"messaging.destination.template", destination},
                     {"messaging.consumer.group.name", options.durable},
                     {"messaging.message.id", event.id()},
                     {"messaging.message.conversation_id", event.job_id()},
                     {"nats.stream", options.stream},
                     {"nats.sequence", delivery.sequence()},
                     {"nats.num_delivered", delivery.deliveries()}},
                    cause);
}

void observe_age(const v1::Event& event, const std::string& consumer) {
  const Seconds age = std::chrono::system_clock::now() - from_proto(event.time());
  // Another host's clock may run ahead of this one's.
  observe_seconds(metrics::kEventAge, std::max(0.0, age.count()), {{"consumer", consumer}});
}

void warn_unsettled(const Result<void>& settled) {
  if (settled) return;
  log_warning("the event could not be settled and will come again",
              {{"error", settled.error().text()}});
}

}  // namespace

StageHandling::StageHandling(EventPublisher& publisher, const StageOptions& options,
                             const StageHandler& handler, OpenDeliveries& open,
                             std::stop_token stop)
    : publisher_{publisher},
      options_{options},
      handler_{handler},
      open_{open},
      stop_{std::move(stop)} {}

std::optional<Error> StageHandling::handle(Delivery& delivery) {
  const InFlight in_flight{options_.name};
  const auto event = parse_event(delivery.data());
  if (event) return handle_event(*event, delivery);
  drop_unreadable(delivery, event.error());
  return std::nullopt;
}

std::optional<Error> StageHandling::handle_event(const v1::Event& event, Delivery& delivery) {
  observe_age(event, options_.durable);
  auto process = process_span(event, delivery, options_);
  // Ended before the work begins: a span is only exported when it ends, and until then all that
  // hangs on it would be an incomplete trace.
  process.end();
  auto span = start_span(options_.name, SpanKind::internal, process.traceparent(),
                         {{"podium.stage", options_.name}});
  const LogScope scope{event.job_id(), span.trace_id(), span.span_id()};
  HandlingContext context{
      publisher_, delivery, {.process = process.traceparent(), .stage = span.traceparent()}, stop_};

  const auto started = std::chrono::steady_clock::now();
  open_.add(delivery);
  const auto handled = run(event, context, process.traceparent());
  if (!handled) span.fail(handled.error().code->name, handled.error().detail);
  const auto outcome = open_.take_out(delivery)
                           ? settle(delivery, handled, context.comes_again_after())
                           : outcomes::kHandedBack;
  const Seconds took = std::chrono::steady_clock::now() - started;
  span.event("settled", {{"podium.outcome", outcome}});
  observe_seconds(kDuration, took.count(), {{"stage", options_.name}, {"outcome", outcome}});
  count(metrics::kEventsHandled, {{"consumer", options_.durable}, {"outcome", outcome}});
  if (outcome == outcomes::kFatal) return handled.error();
  return std::nullopt;
}

Result<void> StageHandling::run(const v1::Event& event, StageContext& context,
                                std::string_view process_traceparent) {
  auto answers = PODIUM_TRY(call_handler(event, context));
  for (auto& answer : answers) {
    PODIUM_TRY(publisher_.publish(std::move(answer), process_traceparent));
  }
  return {};
}

Result<Events> StageHandling::call_handler(const v1::Event& event, StageContext& context) try {
  return handler_(event, context);
} catch (const std::exception& error) {
  return fail(errors::kInternal, std::format("stage {} threw: {}", options_.name, error.what()));
} catch (...) {
  return fail(errors::kInternal, std::format("stage {} threw", options_.name));
}

std::string_view StageHandling::settle(Delivery& delivery, const Result<void>& handled,
                                       std::optional<milliseconds> comes_again_after) {
  if (!handled) return settle_failed(delivery, handled.error());
  if (comes_again_after) {
    warn_unsettled(delivery.retry_after(*comes_again_after));
    return outcomes::kPostponed;
  }
  warn_unsettled(delivery.ack());
  return outcomes::kOk;
}

milliseconds StageHandling::next_delay(const Delivery& delivery) const {
  return retry_delay(delivery.deliveries(),
                     {.first = options_.retry_delay_first, .longest = options_.retry_delay_max});
}

std::string_view StageHandling::settle_failed(Delivery& delivery, const Error& error) {
  if (error.is(errors::kStopped) && stop_.stop_requested()) {
    warn_unsettled(delivery.retry_after(milliseconds::zero()));
    return outcomes::kHandedBack;
  }
  const LogValue text{error.text()};
  switch (error.code->disposition) {
    case Disposition::retry: {
      const auto delay = next_delay(delivery);
      log_warning("the event is tried again", {{"error", text}, {"delay_ms", delay.count()}});
      warn_unsettled(delivery.retry_after(delay));
      return outcomes::kRetried;
    }
    case Disposition::reject:
      log_error("the event is rejected", {{"error", text}});
      warn_unsettled(delivery.terminate(error.text()));
      return outcomes::kRejected;
    case Disposition::fatal:
      break;
  }
  log_error("the stage cannot go on", {{"error", text}});
  warn_unsettled(delivery.retry_after(next_delay(delivery)));
  return outcomes::kFatal;
}

void StageHandling::drop_unreadable(Delivery& delivery, const Error& error) {
  log_error("a message that is not an event is dropped", {{"subject", delivery.subject()},
                                                          {"sequence", delivery.sequence()},
                                                          {"error", error.text()}});
  warn_unsettled(delivery.terminate(error.text()));
  count(metrics::kEventsHandled,
        {{"consumer", options_.durable}, {"outcome", outcomes::kUnreadable}});
}

}  // namespace podium
