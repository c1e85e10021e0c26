#include "libs/chassis/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/version.hpp"

namespace podium {
namespace {

struct Help {
  std::string_view name;
  std::string_view text;
};

/// Every metric of the house. The operator's page of docs/ follows this table.
constexpr std::array kHelp{
    Help{"podium_admissions_total", "Requests for a job, by outcome."},
    Help{"podium_artifact_bytes_total", "Bytes written to the artifact store."},
    Help{"podium_build_info", "Version and commit of this program; always 1."},
    Help{"podium_candidates_total", "Candidates by kind and how they ended."},
    Help{"podium_consumer_ack_pending", "Events taken from a consumer and not yet acknowledged."},
    Help{"podium_consumer_pending", "Events that a consumer has not been given yet."},
    Help{"podium_dead_letters_total", "Events given up, by stream and reason."},
    Help{"podium_event_age_seconds", "Age of an event when a stage takes it."},
    Help{"podium_events_handled_total", "Events handled, by consumer and outcome."},
    Help{"podium_events_published_total", "Events published, by type."},
    Help{"podium_http_connections", "Open connections of the HTTP server."},
    Help{"podium_http_request_duration_seconds", "Time to answer a request."},
    Help{"podium_http_requests_shed_total", "Requests answered 503 because the server was full."},
    Help{"podium_http_streams", "Answers that stay open."},
    Help{"podium_jobs_active", "Jobs that have not ended, by stage."},
    Help{"podium_jobs_total", "Jobs ended, by status."},
    Help{"podium_kaggle_requests_total", "Calls to Kaggle's API, by operation and outcome."},
    Help{"podium_llm_cost_usd_total", "Money spent on language models."},
    Help{"podium_llm_request_duration_seconds", "Time of one call to a language model."},
    Help{"podium_llm_tokens_total", "Tokens, by provider, model and direction."},
    Help{"podium_log_lines_total", "Log lines of sandboxes, by what became of them."},
    Help{"podium_projection_lag_events", "Events stored and not yet in the projection."},
    Help{"podium_rate_limited_total", "Requests refused by a limit, by reason."},
    Help{"podium_sandbox_duration_seconds", "Time of one run in a sandbox, by outcome."},
    Help{"podium_sandboxes_active", "Sandboxes that exist."},
    Help{"podium_slots_free", "Free slots of an executor, by class."},
    Help{"podium_sse_clients", "Clients that follow live events."},
    Help{"podium_stage_duration_seconds", "Time of one handling, by stage and outcome."},
    Help{"podium_stage_in_flight", "Events being handled, by stage."},
    Help{"podium_tickets_settled_total",
         "Admission tickets found open and settled, by what was done."},
};
static_assert(std::ranges::is_sorted(kHelp, {}, &Help::name));

// 5 ms to 10 s as the semantic conventions ask for HTTP; further for what runs in sandboxes.
const prometheus::Histogram::BucketBoundaries& buckets_seconds() {
  static const prometheus::Histogram::BucketBoundaries buckets{
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1,    2.5,
      5,     7.5,  10,    30,   60,    120, 300,  600, 1200, 1800, 3600};
  return buckets;
}

std::string help_of(std::string_view name) {
  const auto entry = std::ranges::lower_bound(kHelp, name, {}, &Help::name);
  if (entry != kHelp.end() && entry->name == name) return std::string{entry->text};
  return std::string{name};
}

class Metrics {
 public:
  // Never destroyed: threads may count while the program ends.
  static Metrics& get() {
    static Metrics& metrics = *new Metrics{};
    return metrics;
  }

  prometheus::Counter& counter(std::string_view name, Labels labels) {
    return family(counters_, name, prometheus::BuildCounter()).Add(map_of(labels));
  }
  prometheus::Gauge& gauge(std::string_view name, Labels labels) {
    return family(gauges_, name, prometheus::BuildGauge()).Add(map_of(labels));
  }
  prometheus::Histogram& histogram(std::string_view name, Labels labels) {
    return family(histograms_, name, prometheus::BuildHistogram())
        .Add(map_of(labels), buckets_seconds());
  }

  std::string text() const { return prometheus::TextSerializer{}.Serialize(registry_.Collect()); }

 private:
  template <typename Metric>
  using Families = std::map<std::string, prometheus::Family<Metric>*, std::less<>>;

  Metrics() { gauge("podium_build_info", {{"version", version()}, {"commit", commit()}}).Set(1); }

  static prometheus::Labels map_of(Labels labels) {
    prometheus::Labels map;
    for (const auto& [name, value] : labels) map.emplace(name, value);
    return map;
  }

  template <typename Metric, typename Builder>
  prometheus::Family<Metric>& family(Families<Metric>& families, std::string_view name,
                                     Builder builder) {
    const std::scoped_lock lock{mutex_};
    if (const auto known = families.find(name); known != families.end()) return *known->second;
    auto& made = builder.Name(std::string{name}).Help(help_of(name)).Register(registry_);
    families.emplace(name, &made);
    return made;
  }

  prometheus::Registry registry_;
  std::mutex mutex_;
  // Guarded by `mutex_`.
  Families<prometheus::Counter> counters_;
  Families<prometheus::Gauge> gauges_;
  Families<prometheus::Histogram> histograms_;
};

// The library throws for a name that is no metric name or is in use for another kind; a mistake in
// a metric must not end the work that it measures.
template <typename Action>
void guarded(std::string_view name, const Action& action) {
  try {
    action(Metrics::get());
  } catch (const std::exception& error) {
    log_error("a metric cannot be written", {{"metric", name}, {"detail", error.what()}});
  }
}

}  // namespace

void count(std::string_view name, Labels labels, double amount) {
  guarded(name, [&](Metrics& metrics) { metrics.counter(name, labels).Increment(amount); });
}

void gauge(std::string_view name, double value, Labels labels) {
  guarded(name, [&](Metrics& metrics) { metrics.gauge(name, labels).Set(value); });
}

void gauge_add(std::string_view name, double amount, Labels labels) {
  guarded(name, [&](Metrics& metrics) { metrics.gauge(name, labels).Increment(amount); });
}

void observe_seconds(std::string_view name, double seconds, Labels labels) {
  guarded(name, [&](Metrics& metrics) { metrics.histogram(name, labels).Observe(seconds); });
}

std::string metrics_text() {
  return Metrics::get().text();
}

}  // namespace podium
