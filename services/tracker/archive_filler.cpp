#include "services/tracker/archive_filler.hpp"

#include <algorithm>
#include <chrono>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/streams.hpp"
#include "services/tracker/archive.hpp"
#include "services/tracker/config.hpp"
#include "services/tracker/message_queue.hpp"
#include "services/tracker/stream_place.hpp"

namespace podium::tracker {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBatchMessages = 1'024;
// A stream that has a message gives it long before.
constexpr milliseconds kMessageWaitMax{10'000};
constexpr milliseconds kBatchWait{20};

struct Range {
  std::int64_t first;
  std::int64_t last;
};

std::vector<Recorded> records_of(std::vector<StoredMessage> messages, const Position& checkpoint) {
  std::vector<Recorded> batch;
  for (StoredMessage& message : messages) {
    const auto sequence = static_cast<std::int64_t>(message.sequence);
    if (sequence > checkpoint.sequence) break;
    batch.push_back(record({.stream_created = checkpoint.stream_created, .sequence = sequence},
                           message.subject, std::move(message.data),
                           std::chrono::floor<std::chrono::microseconds>(message.time)));
  }
  return batch;
}

Result<std::int64_t> copy(Session& session, Bus& bus, const Position& checkpoint, Range range) {
  MessageQueue queue{kQueueMessagesMax};
  const auto subscription = PODIUM_TRY(
      bus.read_ordered(streams::kJobs, all_job_subjects(), static_cast<std::uint64_t>(range.first),
                       [&queue](const StoredMessage& message) { queue.push(message); }));
  const MessageQueue::ClosedAtTheEnd closed{queue};
  std::int64_t added = 0;
  for (std::int64_t read = range.first - 1; read < range.last;) {
    auto messages = queue.take(kBatchMessages, kMessageWaitMax, kBatchWait, {});
    if (messages.empty()) return fail(errors::kUnavailable, "stream JOBS gives no messages");
    read = static_cast<std::int64_t>(messages.back().sequence);
    const auto batch = records_of(std::move(messages), checkpoint);
    if (!batch.empty()) added += PODIUM_TRY(add_to_archive(session, batch));
  }
  return added;
}

}  // namespace

Result<std::int64_t> fill_archive_from_stream(Session& session, Bus& bus,
                                              const Position& checkpoint) {
  const auto state = PODIUM_TRY(bus.stream_state(streams::kJobs));
  const Moment made = PODIUM_TRY(created(state));
  if (made != checkpoint.stream_created) return 0;
  const Range range{
      .first = std::max<std::int64_t>(static_cast<std::int64_t>(state.first_sequence), 1),
      .last = std::min(static_cast<std::int64_t>(state.last_sequence), checkpoint.sequence)};
  if (state.messages == 0 || range.first > range.last) return 0;
  const std::int64_t there = PODIUM_TRY(count_in_archive(session, made, range.first, range.last));
  if (there == range.last - range.first + 1) return 0;
  log_info("the archive lacks messages that the stream has",
           {{"archive", there}, {"stream", range.last - range.first + 1}});
  return copy(session, bus, checkpoint, range);
}

}  // namespace podium::tracker
