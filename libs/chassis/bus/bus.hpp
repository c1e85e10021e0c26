// The one door to NATS. A Bus is one connection with its JetStream context; it reconnects for ever
// and is shared by all threads of a process. What is sent is bytes; events are put on it by
// EventPublisher and taken off it by StageRunner.
//
// Facts this stands on (nats-server 2.10, nats.c 3.10): a publish that timed out is unknown and is
// repeated with the same message id; expecting an empty subject answers 10071 when it is not; a
// stream with DiscardNew that is full answers 10077.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

struct BusOptions {
  std::string url = "nats://127.0.0.1:4222";
  std::string user;
  Secret password;
  /// Connection name, and prefix of the inboxes that the user may subscribe: `_INBOX_<name>`.
  std::string name = "podium";
  /// How long connect() tries before it gives up.
  std::chrono::milliseconds connect_timeout{30'000};
  /// Wait for one broker answer.
  std::chrono::milliseconds request_timeout{5'000};
};

/// NATS_URL, NATS_USER, NATS_PASSWORD(_FILE).
BusOptions read_bus_options(Environment& environment, std::string_view service);

struct PublishOptions {
  /// `Nats-Msg-Id`: inside the stream's duplicate window the same id is stored once.
  std::string message_id = {};
  /// Refused with DONE_ALREADY when the subject holds a message.
  bool expect_empty_subject = false;
  /// Extra headers; names are constants, values must not hold line ends.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct Published {
  std::uint64_t sequence = 0;
  /// The broker had this message id already.
  bool duplicate = false;
};

/// A message as a stream holds it.
struct StoredMessage {
  std::string subject;
  std::string data;
  std::uint64_t sequence = 0;
  std::chrono::system_clock::time_point time;
};

/// A message taken from a pull consumer. Settle it exactly once; destroying it unsettled leaves it
/// to the consumer's AckWait. May be settled from another thread than took it.
class Delivery {
 public:
  virtual ~Delivery() = default;
  virtual const std::string& subject() const = 0;
  virtual std::string_view data() const = 0;
  virtual std::uint64_t sequence() const = 0;
  /// 1 at the first delivery. Not a counter of attempts: a killed server may forget it.
  virtual std::uint64_t deliveries() const = 0;
  /// Messages that the consumer had not given to anybody when it gave this one.
  virtual std::uint64_t pending() const = 0;
  /// Waits for the broker to have taken the acknowledgement. UNAVAILABLE: the message may come
  /// again.
  virtual Result<void> ack() = 0;
  /// Hands the message back, to come again after `delay`, at once for zero. Only sent, not awaited:
  /// where it is lost the message comes again after AckWait. UNAVAILABLE when it cannot be sent.
  virtual Result<void> retry_after(std::chrono::milliseconds delay) = 0;
  /// Never delivered again; the advisory carries the reason, cut to one line, to the dead letters.
  /// Waits and fails as ack() does.
  virtual Result<void> terminate(std::string_view reason) = 0;
  /// Starts AckWait anew. Only sent, as retry_after() is; safe to repeat.
  virtual Result<void> in_progress() = 0;
};

/// A durable pull consumer that the set-up step has made. One thread at a time.
class PullConsumer {
 public:
  virtual ~PullConsumer() = default;
  /// The next message; nullptr when none came within `wait`. UNAVAILABLE while the broker is away.
  virtual Result<std::unique_ptr<Delivery>> next(std::chrono::milliseconds wait) = 0;
};

/// Ends its subscription when destroyed.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

/// One key-value bucket. All calls are safe to repeat but create and update, which tell. Each fails
/// with UNAVAILABLE while the broker is away, PERMISSION when the user may not, INVALID when the
/// key is none. Thread-safe.
class KeyValue {
 public:
  struct Entry {
    std::string key;
    std::string value;
    std::uint64_t revision = 0;
    bool deleted = false;
  };
  virtual ~KeyValue() = default;
  /// nullopt when the key has no value.
  virtual Result<std::optional<Entry>> get(std::string_view key) = 0;
  /// Puts when absent and gives the revision; CONFLICT when the key has a value.
  virtual Result<std::uint64_t> create(std::string_view key, std::string_view value) = 0;
  /// Puts when the key still is at `revision`; CONFLICT when not.
  virtual Result<std::uint64_t> update(std::string_view key, std::string_view value,
                                       std::uint64_t revision) = 0;
  /// Puts whatever is there and gives the revision. A repeat overwrites what came in between.
  virtual Result<std::uint64_t> put(std::string_view key, std::string_view value) = 0;
  /// Success also when the key has no value.
  virtual Result<void> remove(std::string_view key) = 0;
  /// The keys that have a value, in no order. Costs a question for each: where there are many,
  /// watch() is the way.
  virtual Result<std::vector<std::string>> keys() = 0;
  /// Calls back with every present value, then with every change, from one thread, until the
  /// returned subscription is destroyed. `deleted` marks removals.
  virtual Result<std::unique_ptr<Subscription>> watch(
      std::function<void(const Entry& entry)> on_entry) = 0;
};

class Bus {
 public:
  using OnMessage = std::function<void(const std::string& subject, std::string_view data)>;
  using OnStored = std::function<void(const StoredMessage& message)>;

  /// Tries until `options.connect_timeout`; UNAVAILABLE with the server's answer when it failed.
  static Result<std::unique_ptr<Bus>> connect(const BusOptions& options);
  virtual ~Bus() = default;

  /// Stores a message in whatever stream has the subject. With a message id it is repeated while
  /// its outcome is unknown, until kRepeatTotal is over; without one UNAVAILABLE leaves it unknown.
  /// DONE_ALREADY, FULL, TOO_LARGE, UNAVAILABLE, PERMISSION.
  virtual Result<Published> publish(std::string_view subject, std::string_view data,
                                    const PublishOptions& options = {}) = 0;
  /// The last message on a subject by direct get (0.1 ms); nullopt when there is none. UNAVAILABLE
  /// also when there is no such stream. Safe to repeat.
  virtual Result<std::optional<StoredMessage>> last_message(std::string_view stream,
                                                            std::string_view subject) = 0;
  /// The message with a sequence, as last_message(); nullopt when it is gone or not there yet.
  virtual Result<std::optional<StoredMessage>> message_at(std::string_view stream,
                                                          std::uint64_t sequence) = 0;
  /// Success also when the message is gone already.
  virtual Result<void> delete_message(std::string_view stream, std::uint64_t sequence) = 0;

  /// Opens a durable that the set-up step has made; who opens it several times shares its messages.
  /// NOT_FOUND when stream or durable are not there. Safe to repeat.
  virtual Result<std::unique_ptr<PullConsumer>> pull(std::string_view stream,
                                                     std::string_view durable) = 0;
  /// Core subscription: only what is published from now on, at most once, from one thread. The
  /// broker has it when this returns. Waits for a broker that is away, and starts anew by itself
  /// what a break ended; UNAVAILABLE when it stays away for kRepeatTotal, PERMISSION when it
  /// refused.
  virtual Result<std::unique_ptr<Subscription>> subscribe(std::string_view subject,
                                                          OnMessage on_message) = 0;
  /// Every stored message matching `subject` from sequence `first` on, in order, gaps repaired,
  /// from one thread: an ordered consumer. Scans the stream: never on a hot path. NOT_FOUND,
  /// PERMISSION, UNAVAILABLE.
  virtual Result<std::unique_ptr<Subscription>> read_ordered(std::string_view stream,
                                                             std::string_view subject,
                                                             std::uint64_t first,
                                                             OnStored on_stored) = 0;
  /// Opens a bucket that the set-up step has made; NOT_FOUND when it is not there. Safe to repeat.
  virtual Result<std::unique_ptr<KeyValue>> bucket(std::string_view name) = 0;

  /// A plain request, for JetStream API calls that have no function here; the answer as it came,
  /// errors of the API in it included. UNAVAILABLE without an answer: the effect is unknown, and
  /// whether a repeat is safe depends on the call. PERMISSION, INVALID when the subject is none.
  virtual Result<std::string> request(std::string_view subject, std::string_view data) = 0;

  struct StreamState {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
    /// RFC 3339 text of when the stream was made; another one means that it was reset.
    std::string created;
  };
  /// NOT_FOUND when there is no such stream. Safe to repeat.
  virtual Result<StreamState> stream_state(std::string_view stream) = 0;

  /// False while the connection is down.
  virtual bool connected() const = 0;
  /// Sends what is buffered; call before the process ends.
  virtual void flush() = 0;
};

}  // namespace podium
