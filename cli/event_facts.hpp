// The one fact of each kind of event that a person wants to see. Pure. Thread-safe.
#pragma once

#include <string>

#include "cli/console.hpp"
#include "podium/v1/event.pb.h"

namespace podium::cli {

struct EventFact {
  /// The candidate, when the event belongs to one.
  std::string subject;
  std::string text;
  Tone tone = Tone::plain;
};

/// How far a phase is, and how fast it gets on where that is known: "12.3 MB of 40.0 MB  3.1 MB/s".
/// Empty when it does not tell.
std::string amount_text(const v1::Progressed& progressed);

/// Texts are as they stand in the event: not yet fit for a terminal.
EventFact fact_of(const v1::Event& event);

}  // namespace podium::cli
