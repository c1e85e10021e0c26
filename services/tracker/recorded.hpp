// A message of stream JOBS as the archive keeps it, with what could be made of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"
#include "services/tracker/moment.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

struct Recorded {
  Position at;
  /// UTF-8 without NUL, whatever the broker had.
  std::string subject;
  /// The event's own time; where it has none, the time at which the broker stored it.
  Moment time;
  std::string raw;
  /// The event, or why it is none: undecodable or wrong_subject.
  std::optional<v1::Event> event;
  std::string problem;
  std::string problem_detail;
};

/// A message as the broker gave it.
Recorded record(Position at, std::string_view subject, std::string raw, Moment stored_at);

/// A message as the archive gave it back: the same as record() made, because a subject and a time
/// that went through it once stay as they are.
inline Recorded replay(Position at, std::string_view subject, std::string raw, Moment time) {
  return record(at, subject, std::move(raw), time);
}

/// Text that PostgreSQL takes: UTF-8, each NUL and each byte that is not UTF-8 replaced by U+FFFD.
std::string storable(std::string_view text);

}  // namespace podium::tracker
