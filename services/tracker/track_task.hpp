// Follows stream JOBS into the projection. One thread of its own; PostgreSQL holds the only cursor,
// so that whatever fails, the task starts again from the checkpoint and nothing is lost or counted
// twice. A second tracker waits until the first is gone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "services/tracker/config.hpp"
#include "services/tracker/ports.hpp"
#include "services/tracker/stream_place.hpp"

namespace podium::tracker {

class MessageQueue;

class TrackTask {
 public:
  TrackTask(Bus& bus, ProjectionStore& store, TrackOptions options)
      : bus_{bus}, store_{store}, options_{options} {}

  /// Until `stop` is set; never returns an error, since everything that can fail is tried again.
  Result<void> run(const std::stop_token& stop);

 private:
  using Clock = std::chrono::steady_clock;

  // Where reading stands: the checkpoint, and the generation that messages are archived under.
  struct Cursor {
    std::optional<Position> checkpoint;
    StreamPlace place;
    std::int64_t stream_last = 0;
    Clock::time_point stream_checked;
    Clock::time_point jobs_counted;
  };

  Result<bool> wait_for_place(const std::stop_token& stop);
  Result<void> follow(const std::stop_token& stop);
  Result<Cursor> find_place();
  Result<void> read(Cursor& cursor, MessageQueue& queue, const std::stop_token& stop);
  Result<void> check_stream(Cursor& cursor);
  Result<void> write(Cursor& cursor, std::vector<StoredMessage> messages);
  Result<void> write_batch(Cursor& cursor, const std::vector<Recorded>& batch);
  Result<void> write_one_by_one(Cursor& cursor, const std::vector<Recorded>& batch);
  Result<void> count_open_jobs(Cursor& cursor);

  Bus& bus_;
  ProjectionStore& store_;
  const TrackOptions options_;
  /// Batches written since the last failure: the pause after the next one starts short again.
  bool has_written_ = false;
};

}  // namespace podium::tracker
