// Direct gets: one message of a stream without a consumer (NATS ADR-31). Free functions without
// state: any thread. A DirectMessage belongs to one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/bus/connection.hpp"

namespace podium {

/// A stored message as the server answers a direct get: the original headers beside Nats-Sequence,
/// Nats-Subject and Nats-Time-Stamp.
class DirectMessage {
 public:
  explicit DirectMessage(NatsMessage answer) : answer_{std::move(answer)} {}
  std::string_view data() const { return body_of(answer_.get()); }
  std::string_view header(const char* name) const { return header_of(answer_.get(), name); }
  std::uint64_t sequence() const;
  StoredMessage stored() const;

 private:
  NatsMessage answer_;
};

/// The last message on `subject`; nullopt when there is none. The stream must allow direct gets.
/// UNAVAILABLE when nobody answers, which an unknown stream looks like too. Safe to repeat.
Result<std::optional<DirectMessage>> get_last(Connection& connection, std::string_view stream,
                                              std::string_view subject);
/// The message with a sequence; otherwise the same.
Result<std::optional<DirectMessage>> get_at(Connection& connection, std::string_view stream,
                                            std::uint64_t sequence);

}  // namespace podium
