// Reading a stream in order over nats.c's ordered consumer: an ephemeral push consumer without
// acknowledgements, which the library makes anew from the next sequence when it sees a gap, misses
// heartbeats or reconnects. May be called from any thread; each reading calls back from a thread of
// its own, one message at a time.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/callback_subscription.hpp"
#include "libs/chassis/bus/connection.hpp"

namespace podium {

/// A message with what its reply subject says of it.
struct OrderedMessage {
  std::string_view subject;
  std::string_view data;
  std::uint64_t sequence = 0;
  std::chrono::system_clock::time_point time;
  /// Of header KV-Operation; empty when there is none.
  std::string_view operation;
};

/// Where to begin.
struct OrderedStart {
  /// First sequence; 0 means the first that there is.
  std::uint64_t first = 0;
  /// Only the last message of each subject, then everything new.
  bool last_per_subject = false;
};

/// NOT_FOUND when there is no such stream, PERMISSION when the user may not read it.
Result<std::unique_ptr<Subscription>> read_in_order(
    Connection& connection, std::string_view stream, std::string_view subject, OrderedStart start,
    std::function<void(const OrderedMessage& message)> on_message);

}  // namespace podium
