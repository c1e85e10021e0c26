// Publishing into streams: what Bus::publish and the key-value buckets have in common. Thread-safe,
// as Connection is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/connection.hpp"

namespace podium {

/// How long an unanswered publish is repeated before its caller hears of it: longer than a broker
/// takes to start again, shorter than an AckWait.
inline constexpr std::chrono::milliseconds kRepeatTotal{20'000};

struct StreamMessage {
  std::string_view subject;
  std::string_view data = {};
  /// With it an unanswered publish is repeated for kRepeatTotal: the stream drops the second one.
  std::string message_id = {};
  /// Refused with DONE_ALREADY unless the subject's last message has this sequence; 0 means that
  /// there must be none.
  std::optional<std::uint64_t> expected_subject_sequence = std::nullopt;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Waits for the stream's answer. DONE_ALREADY, FULL, TOO_LARGE, PERMISSION; UNAVAILABLE when the
/// outcome is unknown, with a message id only after kRepeatTotal.
Result<Published> publish_to_stream(Connection& connection, StreamMessage message);

}  // namespace podium
