// The context of one handling.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "libs/chassis/bus/stage_runner.hpp"

namespace podium {

/// Least time between two rate-limited events of one name.
inline constexpr std::chrono::milliseconds kEmitInterval{1'000};

/// Safe to use from threads that the stage starts itself.
class HandlingContext final : public StageContext {
 public:
  struct Traces {
    /// Parent of what is published: a span that has ended, so that no trace lacks a parent.
    std::string process;
    /// Of the stage's own span.
    std::string stage;
  };

  HandlingContext(EventPublisher& publisher, const Delivery& delivery, Traces traces,
                  std::stop_token stop)
      : publisher_{publisher},
        sequence_{delivery.sequence()},
        deliveries_{delivery.deliveries()},
        traces_{std::move(traces)},
        stop_{std::move(stop)} {}

  Result<void> emit(const v1::Event& event, bool rate_limited) override;
  void come_again(std::chrono::milliseconds delay) override { comes_again_after_ = delay; }
  /// nullopt when the event is done with; asked once the stage has returned.
  std::optional<std::chrono::milliseconds> comes_again_after() const { return comes_again_after_; }
  std::stop_token stop() const override { return stop_; }
  std::string traceparent() const override { return traces_.stage; }
  std::uint64_t sequence() const override { return sequence_; }
  std::uint64_t deliveries() const override { return deliveries_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool is_due(const std::string& name);

  EventPublisher& publisher_;
  const std::uint64_t sequence_;
  const std::uint64_t deliveries_;
  const Traces traces_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> emitted_;  // guarded by mutex_
  /// Of the stage's own thread alone.
  std::optional<std::chrono::milliseconds> comes_again_after_;
};

}  // namespace podium
