#include "services/tracker/telemetry.hpp"

#include <array>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/trace.hpp"

namespace podium::tracker {
namespace {

constexpr std::string_view kConsumer = "tracker";

constexpr Metric kJobsEnded{"podium_jobs_total", "Jobs ended, by status."};
constexpr Metric kJobsActive{"podium_jobs_active", "Jobs that have not ended, by stage."};
constexpr Metric kLag{"podium_projection_lag_events",
                      "Events stored and not yet in the projection."};

constexpr std::array<std::string_view, 7> kOpenStages{
    "fetching", "planning", "generating", "executing", "scoring", "validating", "submitting"};

void make_span(const Recorded& message) {
  const v1::Event& event = *message.event;
  const std::string destination = subject_template(event);
  const std::string& cause = event.trace().traceparent();
  start_span("process " + destination, SpanKind::consumer, cause,
             {{"messaging.system", "nats"},
              {"messaging.operation.name", "process"},
              {"messaging.operation.type", "process"},
              {"messaging.destination.name", message.subject},
              {"messaging.destination.template", destination},
              {"messaging.consumer.group.name", kConsumer},
              {"messaging.message.id", event.id()},
              {"messaging.message.conversation_id", event.job_id()},
              {"nats.sequence", message.at.sequence}},
             cause)
      .end();
}

}  // namespace

void tell_applied(const std::vector<Recorded>& batch, const Applied& applied) {
  for (const Recorded& message : batch) {
    if (!message.event) {
      log_warning("a message of stream JOBS is no event; it is kept as an anomaly",
                  {{"sequence", message.at.sequence},
                   {"what", message.problem},
                   {"detail", message.problem_detail}});
      continue;
    }
    if (!message.event->has_progressed()) make_span(message);
  }
  const auto strange = static_cast<double>(applied.anomalies);
  count(metrics::kEventsHandled, {{"consumer", kConsumer}, {"outcome", "ok"}},
        static_cast<double>(batch.size()) - strange);
  if (strange > 0) {
    count(metrics::kEventsHandled, {{"consumer", kConsumer}, {"outcome", "anomaly"}}, strange);
  }
  for (const std::string& status : applied.ended) count(kJobsEnded, {{"status", status}});
}

void tell_refused(const Recorded& message, const std::string& detail) {
  log_error("the database refuses the rows of an event; it is kept as an anomaly",
            {{"sequence", message.at.sequence}, {"subject", message.subject}, {"detail", detail}});
  count(metrics::kEventsHandled, {{"consumer", kConsumer}, {"outcome", "anomaly"}});
}

void tell_lag(std::int64_t events) {
  gauge(kLag, static_cast<double>(events));
}

void tell_open_jobs(const std::map<std::string, std::int64_t>& jobs_by_stage) {
  for (const std::string_view stage : kOpenStages) {
    const auto found = jobs_by_stage.find(std::string{stage});
    const std::int64_t jobs = found == jobs_by_stage.end() ? 0 : found->second;
    gauge(kJobsActive, static_cast<double>(jobs), {{"stage", stage}});
  }
}

}  // namespace podium::tracker
