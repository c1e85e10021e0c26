// Requests in flight on one connection: a single inbox takes all answers, each waiting call is
// woken by its answer, by the connection's end, or by the server's word that it may not publish
// there. nats.c's own requests see only the first of these and time out on the others. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/bus/callback_subscription.hpp"
#include "libs/chassis/bus/nats_handles.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// A message to be sent; views live as long as the call.
struct OutgoingMessage {
  std::string_view subject;
  std::string_view data = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

class Requests {
 public:
  /// Takes the answers on `<inbox>.*`. `connection` must outlive the object.
  static Result<std::unique_ptr<Requests>> open(natsConnection* connection, std::string inbox);

  /// Sends and waits for the answer, at most `wait`. UNAVAILABLE when none came, nobody listens or
  /// the connection broke, so that the effect is unknown; PERMISSION when the server refused the
  /// subject; INVALID when subject or headers hold characters that the protocol does not carry.
  Result<NatsMessage> send(const OutgoingMessage& message, std::chrono::milliseconds wait);

  /// The server refused a publish to `subject`.
  void refused(std::string_view subject);
  /// The connection broke; no answer will come to what was sent before.
  void disconnected();

 private:
  struct Waiting {
    std::string_view subject;
    std::condition_variable changed;
    std::optional<Result<NatsMessage>> outcome;
  };

  Requests(natsConnection* connection, std::string inbox);
  void answered(NatsMessage answer);
  void settle(Waiting& waiting, Result<NatsMessage> outcome);

  natsConnection* connection_;
  std::string inbox_;
  std::mutex mutex_;
  std::uint64_t sent_ = 0;                                // guarded by mutex_
  std::map<std::string, Waiting*, std::less<>> waiting_;  // guarded by mutex_
  std::unique_ptr<CallbackSubscription> answers_;
};

/// Fire and forget; UNAVAILABLE when it could not even be buffered.
Result<void> send_without_answer(natsConnection* connection, const OutgoingMessage& message);

}  // namespace podium
