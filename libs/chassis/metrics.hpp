// Prometheus metrics by name and labels, over prometheus-cpp, which only metrics.cpp includes. Who
// emits a metric declares it, once, as a constant: name and help text. Names follow the Prometheus
// conventions (base units, `_total`); a job id is never a label. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace podium {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// A metric's name and what it says to who reads `/metrics`.
struct Metric {
  std::string_view name;
  std::string_view help;
};

/// Whoever takes events emits these, so that all stages are watched alike.
namespace metrics {
inline constexpr Metric kConsumerPending{"podium_consumer_pending",
                                         "Events that a consumer has not been given yet."};
inline constexpr Metric kEventAge{"podium_event_age_seconds",
                                  "Age of an event when a stage takes it."};
inline constexpr Metric kEventsHandled{"podium_events_handled_total",
                                       "Events handled, by consumer and outcome."};
}  // namespace metrics

/// Adds to a counter; the first use makes it. A name that is no metric's or is in use for another
/// kind is logged and otherwise ignored.
void count(const Metric& metric, Labels labels = {}, double amount = 1);
/// Sets a gauge.
void gauge(const Metric& metric, double value, Labels labels = {});
/// Adds to a gauge.
void gauge_add(const Metric& metric, double amount, Labels labels = {});
/// Puts a value in seconds into a histogram with buckets from 5 ms to 1 h.
void observe_seconds(const Metric& metric, double seconds, Labels labels = {});

/// All metrics in the text exposition format, version 0.0.4; `podium_build_info` is always there.
std::string metrics_text();

}  // namespace podium
