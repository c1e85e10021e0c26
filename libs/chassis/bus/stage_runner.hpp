// Runs a stage: takes events from a durable consumer, hands them to the stage, publishes what it
// answers, settles the delivery. Only the runner acks, retries, beats, counts and traces. One
// runner per stage with a named number of workers; stop by stop token.
//
// Order of a handling: fetch, decode, process span (ended at once, so that traces of long jobs are
// whole), handle under a stage span, publish the answers, ack. A crash between any two repeats it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// Longest delay between two tries of one event, unless the stage has another.
inline constexpr std::chrono::milliseconds kRetryDelayMax{30'000};
/// Delay before the second try, unless the stage has another; doubles from there.
inline constexpr std::chrono::milliseconds kRetryDelayFirst{250};

/// What a stage may do while it handles one event. Lives as long as the handling.
class StageContext {
 public:
  virtual ~StageContext() = default;
  /// Publishes an event before the handling ends (progress). At most once a second per name is
  /// sent when `rate_limited`; the rest is dropped.
  virtual Result<void> emit(const v1::Event& event, bool rate_limited = false) = 0;
  /// Has the event come again after `delay`, once what the stage answers is published: for what is
  /// not to be had yet. No worker waits meanwhile; each time counts as a delivery. The last call
  /// counts. Without effect when the handling fails. Does nothing where there is no delivery.
  virtual void come_again(std::chrono::milliseconds /*delay*/) {}
  /// Set when the service is to stop: finish within its drain time or return STOPPED.
  virtual std::stop_token stop() const = 0;
  /// traceparent of the stage's span: parent of spans that the stage makes itself.
  virtual std::string traceparent() const = 0;
  virtual std::uint64_t sequence() const = 0;
  /// 1 at the first delivery.
  virtual std::uint64_t deliveries() const = 0;
};

using StageHandler = std::function<Result<Events>(const v1::Event& event, StageContext& context)>;

struct StageOptions {
  /// Short name for spans and metrics: "scrape", "decide".
  std::string name;
  std::string stream;
  std::string durable;
  int workers = 1;
  /// Must be the consumer's AckWait; a beat is sent every third of it.
  std::chrono::milliseconds ack_wait{30'000};
  /// Delay before the second try, and the longest between two; it doubles in between. An event that
  /// waits counts for the consumer's max_ack_pending.
  std::chrono::milliseconds retry_delay_first = kRetryDelayFirst;
  std::chrono::milliseconds retry_delay_max = kRetryDelayMax;
};

/// Owns its threads. The destructor stops and joins.
class StageRunner {
 public:
  StageRunner(Bus& bus, EventPublisher& publisher, StageOptions options, StageHandler handler);
  ~StageRunner();
  StageRunner(const StageRunner&) = delete;
  StageRunner& operator=(const StageRunner&) = delete;

  /// Opens the consumer and starts the workers.
  Result<void> start();
  /// Takes no more events; handlings under way see their stop token. Returns at once.
  void stop();
  /// Waits until every worker has returned, at most `timeout`; false when one has not.
  bool join(std::chrono::milliseconds timeout);
  /// The fatal error that ended a worker, if any.
  std::optional<Error> fatal_error() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::vector<std::jthread> workers_;
};

}  // namespace podium
