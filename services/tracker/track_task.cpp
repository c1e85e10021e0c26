#include "services/tracker/track_task.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/streams.hpp"
#include "services/tracker/message_queue.hpp"
#include "services/tracker/telemetry.hpp"

namespace podium::tracker {
namespace {

using std::chrono::milliseconds;

// How long one look into the queue waits: shorter than the checks that come between two looks.
constexpr milliseconds kQueueWait{200};

Recorded record_of(StoredMessage message, Moment generation) {
  const auto stored_at = std::chrono::floor<std::chrono::microseconds>(message.time);
  return record(
      {.stream_created = generation, .sequence = static_cast<std::int64_t>(message.sequence)},
      message.subject, std::move(message.data), stored_at);
}

}  // namespace

Result<void> TrackTask::run(const std::stop_token& stop) {
  milliseconds next_pause = kRetryPauseFirst;
  while (!stop.stop_requested()) {
    has_written_ = false;
    const auto followed = follow(stop);
    store_.release();
    if (followed) continue;
    if (has_written_) next_pause = kRetryPauseFirst;
    log_warning("following the events failed; it begins again at the checkpoint",
                {{"error", followed.error().text()}, {"pause_ms", next_pause.count()}});
    pause_for(next_pause, stop);
    next_pause = std::min(2 * next_pause, kRetryPauseMax);
  }
  return {};
}

// False when the task is to stop.
Result<bool> TrackTask::wait_for_place(const std::stop_token& stop) {
  bool told = false;
  while (!stop.stop_requested()) {
    const bool is_writer = PODIUM_TRY(store_.acquire());
    if (is_writer) return true;
    if (!told) log_info("another tracker writes the projection; this one waits to take over");
    told = true;
    pause_for(options_.standby_interval, stop);
  }
  return false;
}

Result<void> TrackTask::follow(const std::stop_token& stop) {
  const bool is_writer = PODIUM_TRY(wait_for_place(stop));
  if (!is_writer) return {};
  Cursor cursor = PODIUM_TRY(find_place());
  log_info("following the events", {{"from", cursor.place.first}});

  MessageQueue queue{kQueueMessagesMax};
  const auto subscription = PODIUM_TRY(bus_.read_ordered(
      streams::kJobs, all_job_subjects(), static_cast<std::uint64_t>(cursor.place.first),
      [&queue](const StoredMessage& message) { queue.push(message); }));
  const MessageQueue::ClosedAtTheEnd closed{queue};
  return read(cursor, queue, stop);
}

Result<TrackTask::Cursor> TrackTask::find_place() {
  const auto state = PODIUM_TRY(bus_.stream_state(streams::kJobs));
  const Moment made = PODIUM_TRY(created(state));
  Cursor cursor;
  cursor.checkpoint = PODIUM_TRY(store_.checkpoint());
  cursor.stream_last = static_cast<std::int64_t>(state.last_sequence);
  cursor.place = place_in(made, cursor.stream_last, cursor.checkpoint);
  cursor.stream_checked = Clock::now();
  if (cursor.checkpoint && cursor.place.generation != cursor.checkpoint->stream_created) {
    log_warning("stream JOBS is not the one it was; what it was stays in the archive",
                {{"created", state.created},
                 {"last_sequence", state.last_sequence},
                 {"known_sequence", cursor.checkpoint->sequence}});
  }
  return cursor;
}

Result<void> TrackTask::read(Cursor& cursor, MessageQueue& queue, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (Clock::now() - cursor.stream_checked >= kStreamCheckInterval) {
      PODIUM_TRY(check_stream(cursor));
    }
    if (Clock::now() - cursor.jobs_counted >= kOpenJobsInterval) {
      PODIUM_TRY(count_open_jobs(cursor));
    }
    auto messages = queue.take(options_.batch_messages_max, kQueueWait, options_.batch_wait, stop);
    if (!messages.empty()) PODIUM_TRY(write(cursor, std::move(messages)));
    tell_lag(std::max<std::int64_t>(cursor.stream_last - cursor.place.known, 0));
  }
  return {};
}

Result<void> TrackTask::check_stream(Cursor& cursor) {
  const auto state = PODIUM_TRY(bus_.stream_state(streams::kJobs));
  const Moment made = PODIUM_TRY(created(state));
  cursor.stream_last = static_cast<std::int64_t>(state.last_sequence);
  cursor.stream_checked = Clock::now();
  if (is_still(made, cursor.stream_last, cursor.place.generation, cursor.place.known)) return {};
  return fail(errors::kConflict, "stream JOBS was reset or has lost its newest messages");
}

Result<void> TrackTask::count_open_jobs(Cursor& cursor) {
  tell_open_jobs(PODIUM_TRY(store_.open_jobs_by_stage()));
  cursor.jobs_counted = Clock::now();
  return {};
}

Result<void> TrackTask::write(Cursor& cursor, std::vector<StoredMessage> messages) {
  std::vector<Recorded> batch;
  batch.reserve(messages.size());
  std::int64_t known = cursor.place.known;
  for (StoredMessage& message : messages) {
    const auto sequence = static_cast<std::int64_t>(message.sequence);
    if (sequence <= known) {
      return fail(errors::kConflict,
                  std::format("sequence {} came after sequence {}", sequence, known));
    }
    known = sequence;
    batch.push_back(record_of(std::move(message), cursor.place.generation));
  }
  const auto written = write_batch(cursor, batch);
  if (written || !written.error().is(errors::kInvalid)) return written;
  return write_one_by_one(cursor, batch);
}

Result<void> TrackTask::write_batch(Cursor& cursor, const std::vector<Recorded>& batch) {
  const Applied applied = PODIUM_TRY(store_.apply(cursor.checkpoint, batch));
  cursor.checkpoint = batch.back().at;
  cursor.place.known = batch.back().at.sequence;
  has_written_ = true;
  tell_applied(batch, applied);
  return {};
}

// One message holds a value that the database refuses: it is passed over, the others are not.
Result<void> TrackTask::write_one_by_one(Cursor& cursor, const std::vector<Recorded>& batch) {
  for (const Recorded& message : batch) {
    const auto written = write_batch(cursor, {message});
    if (written) continue;
    if (!written.error().is(errors::kInvalid)) return written;
    PODIUM_TRY(store_.pass_over(cursor.checkpoint, message, written.error().detail));
    cursor.checkpoint = message.at;
    cursor.place.known = message.at.sequence;
    tell_refused(message, written.error().detail);
  }
  return {};
}

}  // namespace podium::tracker
