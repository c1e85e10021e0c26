// The connection to the server: reconnects for ever, tells who waits when it breaks, remembers what
// the server did not permit. Shared by everything that one Bus hands out. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/nats_handles.hpp"
#include "libs/chassis/bus/requests.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

class Connection {
 public:
  /// Tries until `options.connect_timeout`; PERMISSION at once when user or password are refused.
  static Result<std::shared_ptr<Connection>> open(const BusOptions& options);
  /// Everything that was made of this connection must be gone.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  natsConnection* handle() const { return connection_.get(); }
  jsCtx* jetstream() const { return jetstream_.get(); }
  std::chrono::milliseconds request_timeout() const { return request_timeout_; }

  bool connected() const;
  /// UNAVAILABLE when the connection is not back within `wait`; PERMISSION when it never will be.
  Result<void> wait_connected(std::chrono::milliseconds wait);
  /// True when the server refused this user a subject that starts so.
  bool was_refused(std::string_view subject_prefix) const;
  /// True when the last error that the server sent is a refusal of just this subject. Exact after a
  /// flush, where was_refused() may still lag behind.
  bool refused_last(std::string_view subject) const;
  /// A subject that nobody else has, below the prefix that the user may subscribe.
  std::string new_inbox() const;

  /// One request with one answer, which is awaited for request_timeout(). UNAVAILABLE says that the
  /// outcome is unknown: the answer may have been lost with the connection.
  Result<NatsMessage> ask(const OutgoingMessage& message);
  /// Repeats an unanswered request until request_timeout() is over, so that nobody notices a broker
  /// that starts again; only for requests that are safe to repeat.
  Result<NatsMessage> ask_repeatedly(const OutgoingMessage& message);
  /// Fire and forget.
  Result<void> send(const OutgoingMessage& message);
  /// Waits until the server has taken all that was sent.
  Result<void> flush();

 private:
  Connection(const BusOptions& options, std::string inbox_prefix);
  Result<void> connect(const BusOptions& options);
  Result<void> set_up();
  void on_disconnected();
  void on_reconnected();
  void on_closed();
  void on_error(natsStatus status, const std::string& text);

  const std::string inbox_prefix_;
  const std::chrono::milliseconds request_timeout_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;                        // guarded by mutex_
  bool closed_ = false;                         // guarded by mutex_
  std::set<std::string, std::less<>> refused_;  // guarded by mutex_
  NatsConnection connection_;
  JetStreamContext jetstream_;
  std::unique_ptr<Requests> requests_;  // set once, guarded by mutex_ until open() returns

  friend struct ConnectionCallbacks;
};

/// The subject in the server's text "Permissions Violation for Publish to "podium.x""; empty when
/// it is no such text.
std::string_view refused_subject(std::string_view text);

}  // namespace podium
