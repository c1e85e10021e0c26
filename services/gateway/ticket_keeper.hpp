// Keeps the promise of a ticket: a job whose ticket stands gets its `requested`, even if the
// gateway that took the ticket died before it published. Hears every ticket of every gateway, looks
// at each once it is old enough, and forgets it when `requested` is on the bus. Any number of
// keepers may run at once. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"

namespace podium::gateway {

struct TicketKeeperOptions {
  /// A ticket is left alone for so long: its own gateway is about to publish.
  std::chrono::milliseconds age_min{5'000};
  /// Between two looks; a ticket that could not be settled is tried again at the next.
  std::chrono::milliseconds period{2'000};
};

class TicketKeeper {
 public:
  TicketKeeper(Bus& bus, EventPublisher& publisher, TicketKeeperOptions options = {});

  /// Follows the tickets until stopped. Goes on through broken connections.
  Result<void> run(std::stop_token stop);

  /// `requested` as the ticket of a job holds it, while it is not known to be on the bus.
  Result<std::optional<v1::Event>> find_pending(std::string_view job_id);

 private:
  using Clock = std::chrono::steady_clock;
  struct Ticket {
    std::string job_id;
    Clock::time_point look_at;
  };

  Result<void> follow(std::stop_token stop);
  void hear(const StoredMessage& message);
  std::map<std::uint64_t, std::string> due_tickets();
  Result<void> settle(std::uint64_t sequence, const std::string& job_id);
  Result<void> publish_requested(std::uint64_t sequence);
  void forget(std::uint64_t sequence);

  Bus& bus_;
  EventPublisher& publisher_;
  const TicketKeeperOptions options_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::map<std::uint64_t, Ticket> tickets_;  // by sequence; guarded by mutex_
};

}  // namespace podium::gateway
