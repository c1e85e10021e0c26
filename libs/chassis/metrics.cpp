#include "libs/chassis/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/version.hpp"

namespace podium {
namespace {

constexpr Metric kBuildInfo{"podium_build_info", "Version and commit of this program; always 1."};

// 5 ms to 10 s as the semantic conventions ask for HTTP; further for what runs in sandboxes.
const prometheus::Histogram::BucketBoundaries& buckets_seconds() {
  static const prometheus::Histogram::BucketBoundaries buckets{
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1,    2.5,
      5,     7.5,  10,    30,   60,    120, 300,  600, 1200, 1800, 3600};
  return buckets;
}

class Registry {
 public:
  // Never destroyed: threads may count while the program ends.
  static Registry& get() {
    static Registry& registry = *new Registry{};
    return registry;
  }

  prometheus::Counter& counter(const Metric& metric, Labels labels) {
    return family(counters_, metric, prometheus::BuildCounter()).Add(map_of(labels));
  }
  prometheus::Gauge& gauge(const Metric& metric, Labels labels) {
    return family(gauges_, metric, prometheus::BuildGauge()).Add(map_of(labels));
  }
  prometheus::Histogram& histogram(const Metric& metric, Labels labels) {
    return family(histograms_, metric, prometheus::BuildHistogram())
        .Add(map_of(labels), buckets_seconds());
  }

  std::string text() const { return prometheus::TextSerializer{}.Serialize(registry_.Collect()); }

 private:
  template <typename Kind>
  using Families = std::map<std::string, prometheus::Family<Kind>*, std::less<>>;

  Registry() { gauge(kBuildInfo, {{"version", version()}, {"commit", commit()}}).Set(1); }

  static prometheus::Labels map_of(Labels labels) {
    prometheus::Labels map;
    for (const auto& [name, value] : labels) map.emplace(name, value);
    return map;
  }

  template <typename Kind, typename Builder>
  prometheus::Family<Kind>& family(Families<Kind>& families, const Metric& metric,
                                   Builder builder) {
    const std::scoped_lock lock{mutex_};
    const auto known = families.find(metric.name);
    if (known != families.end()) return *known->second;
    auto& made =
        builder.Name(std::string{metric.name}).Help(std::string{metric.help}).Register(registry_);
    families.emplace(metric.name, &made);
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
void guarded(const Metric& metric, const Action& action) {
  try {
    action(Registry::get());
  } catch (const std::exception& error) {
    log_error("a metric cannot be written", {{"metric", metric.name}, {"detail", error.what()}});
  }
}

}  // namespace

void count(const Metric& metric, Labels labels, double amount) {
  guarded(metric, [&](Registry& registry) { registry.counter(metric, labels).Increment(amount); });
}

void gauge(const Metric& metric, double value, Labels labels) {
  guarded(metric, [&](Registry& registry) { registry.gauge(metric, labels).Set(value); });
}

void gauge_add(const Metric& metric, double amount, Labels labels) {
  guarded(metric, [&](Registry& registry) { registry.gauge(metric, labels).Increment(amount); });
}

void observe_seconds(const Metric& metric, double seconds, Labels labels) {
  guarded(metric, [&](Registry& registry) { registry.histogram(metric, labels).Observe(seconds); });
}

std::string metrics_text() {
  return Registry::get().text();
}

}  // namespace podium
