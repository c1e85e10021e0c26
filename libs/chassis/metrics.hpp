// Prometheus metrics by name and labels, over prometheus-cpp, which only metrics.cpp includes.
// Names follow the Prometheus conventions (base units, `_total`); a job id is never a label.
// Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace podium {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Adds to a counter; the first use makes it. Register the help text in metrics.cpp's table. A name
/// that is no metric's or is in use for another kind is logged and otherwise ignored.
void count(std::string_view name, Labels labels = {}, double amount = 1);
/// Sets a gauge.
void gauge(std::string_view name, double value, Labels labels = {});
/// Adds to a gauge.
void gauge_add(std::string_view name, double amount, Labels labels = {});
/// Puts a value in seconds into a histogram with buckets from 5 ms to 1 h.
void observe_seconds(std::string_view name, double seconds, Labels labels = {});

/// All metrics in the text exposition format, version 0.0.4; `podium_build_info` is always there.
std::string metrics_text();

}  // namespace podium
