// One line for one event: when since the start, who, what, whose, and the one fact that matters.
// Pure. Thread-safe.
#pragma once

#include <chrono>
#include <string>

#include "cli/console.hpp"
#include "libs/chassis/clock.hpp"
#include "podium/v1/event.pb.h"

namespace podium::cli {

struct EventLine {
  std::chrono::milliseconds since_start{};
  std::string service;
  std::string name;
  /// The candidate; empty when the event belongs to the job.
  std::string subject;
  std::string fact;
  Tone tone = Tone::plain;
};

EventLine event_line(const v1::Event& event, TimePoint start);

/// "+  12.4s  executor  executed          c1  accuracy 0.8215 ± 0.012 (reported)  ok  9.8 s".
std::string line_text(const EventLine& line, bool color, int columns);

/// "accuracy 0.8215 ± 0.012 (reported)".
std::string score_text(const v1::Score& score);
std::string score_text(const std::string& metric, double value, double spread,
                       const std::string& kind);
/// "9.8 s", "2 min 05 s", "1 h 02 min".
std::string duration_text(std::chrono::milliseconds duration);
/// "12.3 MB".
std::string bytes_text(double bytes);

}  // namespace podium::cli
