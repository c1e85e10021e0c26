// The live events of all jobs, heard once for the whole gateway and handed to everybody who
// watches. Keeps the newest events in a bounded ring; each watcher has only a position in it, so
// that a slow one costs nothing and merely learns that it has missed something. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"

namespace podium::gateway {

/// An event as it is shown to people.
struct HubEvent {
  /// In stream JOBS.
  std::uint64_t sequence = 0;
  std::string job_id;
  std::string tenant;
  /// "requested", "executed" ...
  std::string name;
  /// podium.v1.Event as protobuf JSON with the names of the proto, in one line.
  std::string json;
};

/// Decodes an event as it stands in a stream or an archive. INVALID when it is none.
Result<HubEvent> read_hub_event(std::uint64_t sequence, std::string_view raw);

/// Which events a watcher wants; empty means any.
struct EventFilter {
  std::string job_id;
  std::string tenant;

  bool takes(const HubEvent& event) const {
    return (job_id.empty() || event.job_id == job_id) && (tenant.empty() || event.tenant == tenant);
  }
};

class EventsHub {
 public:
  struct Options {
    /// The ring: whichever limit is reached first drops the oldest.
    std::size_t events_max = 8'192;
    std::size_t bytes_max = 32UL * 1024 * 1024;
    /// Before a broken subscription is tried again.
    std::chrono::milliseconds retry{1'000};
  };
  using Clock = std::chrono::steady_clock;

  /// Where a watcher stands: everything up to `sequence` is known to it.
  struct Position {
    std::uint64_t sequence = 0;
    /// Which life of the stream; another one means that it was made anew since.
    std::uint64_t epoch = 0;
  };

  EventsHub(Bus& bus, Options options);

  /// Follows stream JOBS until stopped, starting with the newest events that the ring can hold.
  Result<void> run(std::stop_token stop);
  /// Ends every wait, now and later.
  void close();

  struct Batch {
    std::vector<std::shared_ptr<const HubEvent>> events;
    /// Where to go on; behind everything that was looked at.
    Position position;
    /// Events between the old position and the first of this batch are no longer here.
    bool missed = false;
    /// No more will come.
    bool closed = false;
  };
  /// The events after `position` that the filter takes; waits for the first until `deadline` and
  /// then gives none.
  Batch wait(Position position, const EventFilter& filter, Clock::time_point deadline);

  /// True while the stream is followed and all that it held at the start has been read.
  bool following() const;
  /// Behind the newest event, and before the oldest that is still here.
  Position newest() const;
  Position floor() const;
  /// The ring holds the whole life of this job.
  bool holds_all_of(std::string_view job_id) const;

 private:
  Result<void> follow(std::stop_token stop);
  void hear(const StoredMessage& message);
  void drop_old();

  Bus& bus_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // All below are guarded by mutex_.
  std::deque<std::shared_ptr<const HubEvent>> ring_;
  std::size_t ring_bytes_ = 0;
  std::uint64_t newest_ = 0;
  std::uint64_t floor_ = 0;
  std::uint64_t epoch_ = 0;
  /// Newest sequence when following began.
  std::uint64_t target_ = 0;
  bool following_ = false;
  bool closed_ = false;
};

}  // namespace podium::gateway
