// Time in protobuf's and RFC 3339's form, and a wait that a stop cuts short. Thread-safe.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include <google/protobuf/timestamp.pb.h>

namespace podium {

using TimePoint = std::chrono::system_clock::time_point;

/// What this host's clock says.
inline TimePoint now() {
  return std::chrono::system_clock::now();
}

google::protobuf::Timestamp to_proto(TimePoint time);
TimePoint from_proto(const google::protobuf::Timestamp& time);

/// "2026-11-22T08:30:51.123Z"; milliseconds, UTC.
std::string rfc3339(TimePoint time);

/// Waits on the caller's thread. True when the whole time has passed, false as soon as `stop` is
/// set.
bool pause_for(std::chrono::milliseconds time, const std::stop_token& stop);

}  // namespace podium
