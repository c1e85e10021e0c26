#include "services/gateway/job_log.hpp"

#include <condition_variable>
#include <deque>
#include <format>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::gateway {
namespace {

/// Lines that a slow follower may be behind.
constexpr std::size_t kFollowBytesMax = 8UL * 1024 * 1024;
/// How often a follower who hears nothing looks whether the job has ended.
constexpr std::chrono::milliseconds kFollowLook{500};

/// Batches of lines between the bus's thread and the one that writes the answer.
class LineQueue {
 public:
  void put(const StoredMessage& message) {
    const std::scoped_lock lock{mutex_};
    ++heard_;
    bytes_ += message.data.size();
    batches_.push_back(message.data);
    // Who cannot follow loses the oldest lines, as in the stream itself.
    while (bytes_ > kFollowBytesMax && batches_.size() > 1) {
      bytes_ -= batches_.front().size();
      batches_.pop_front();
    }
    changed_.notify_one();
  }

  /// The next batch; nullopt when none came within `wait`.
  std::optional<std::string> take(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, wait, [&] { return !batches_.empty(); })) return std::nullopt;
    std::string batch = std::move(batches_.front());
    batches_.pop_front();
    bytes_ -= batch.size();
    return batch;
  }

  std::uint64_t heard() const {
    const std::scoped_lock lock{mutex_};
    return heard_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> batches_;  // guarded by mutex_
  std::size_t bytes_ = 0;            // guarded by mutex_
  std::uint64_t heard_ = 0;          // guarded by mutex_
};

}  // namespace

JobLog::JobLog(JobViews& views, Bus& bus, ArtifactStore& artifacts, JobDirectory& directory)
    : views_{views}, bus_{bus}, artifacts_{artifacts}, directory_{directory} {}

Result<bool> JobLog::write(std::string_view job_id, const HttpSink& sink) {
  const auto runs = views_.runs(job_id);
  if (!runs) return write_live(log_subjects(job_id), sink);
  for (const RunFacts& run : *runs) {
    const auto wrote = run.log_key.empty() ? write_live(log_subject(job_id, run.run_id), sink)
                                           : write_stored(run, sink);
    if (!wrote || !*wrote) return wrote;
  }
  return true;
}

Result<bool> JobLog::write_stored(const RunFacts& run, const HttpSink& sink) {
  if (!sink(run_heading(run.candidate_id, run.attempt, run.outcome))) return false;
  bool ends_with_line = true;
  const auto read = artifacts_.read(run.log_key, [&](std::string_view piece) {
    if (!piece.empty()) ends_with_line = piece.back() == '\n';
    return sink(piece);
  });
  if (!read && read.error().is(podium::errors::kStopped)) return false;
  if (!read && read.error().is(podium::errors::kNotFound))
    return sink("[the stored log is gone]\n");
  if (!read) return std::unexpected{read.error()};
  return ends_with_line || sink("\n");
}

Result<bool> JobLog::write_live(const std::string& subject, const HttpSink& sink) {
  const std::uint64_t expected = PODIUM_TRY(messages_on(subject));
  if (expected == 0) return true;
  LineQueue queue;
  const auto subscription = PODIUM_TRY(bus_.read_ordered(
      streams::kLogs, subject, 1, [&queue](const StoredMessage& message) { queue.put(message); }));
  LogText text;
  while (true) {
    // Everything is here once as much was heard as was counted; some may be dropped, or gone from
    // the stream while it was read.
    const bool complete = queue.heard() >= expected;
    const auto batch = queue.take(complete ? std::chrono::milliseconds{0} : kLogReadMax);
    if (!batch) return true;
    const auto event = parse_event(*batch);
    if (event && !sink(text.text_of(*event))) return false;
  }
  return true;
}

Result<void> JobLog::follow(const JobFacts& job, const HttpSink& sink) {
  if (job.ended()) {
    PODIUM_TRY(write(job.job_id, sink));
    return {};
  }
  const std::string subject = log_subjects(job.job_id);
  LineQueue queue;
  const auto subscription = PODIUM_TRY(bus_.read_ordered(
      streams::kLogs, subject, 1, [&queue](const StoredMessage& message) { queue.put(message); }));
  LogText text;
  std::optional<std::uint64_t> expected;  // known once the job has ended
  std::uint64_t quiet = 0;
  while (sink("")) {  // as long as somebody is there
    const auto batch = queue.take(kFollowLook);
    if (batch) {
      quiet = 0;
      const auto event = parse_event(*batch);
      if (event && !sink(text.text_of(*event))) return {};
      continue;
    }
    if (expected && (queue.heard() >= *expected || ++quiet * kFollowLook > kLogReadMax)) return {};
    const auto now = directory_.find(job.job_id, {});
    if (now && now->ended()) expected = PODIUM_TRY(messages_on(subject));
  }
  return {};
}

// The broker counts messages by subject; so the end of what is there now is known, not guessed.
Result<std::uint64_t> JobLog::messages_on(std::string_view subject) {
  const nlohmann::json query{{"subjects_filter", subject}};
  const auto answer = nlohmann::json::parse(
      PODIUM_TRY(bus_.request(std::format("$JS.API.STREAM.INFO.{}", streams::kLogs), query.dump())),
      nullptr, false);
  std::uint64_t messages = 0;
  const auto place = nlohmann::json::json_pointer{"/state/subjects"};
  if (!answer.is_object() || !answer.contains(place)) return messages;
  for (const auto& [name, count] : answer.at(place).items()) {
    if (count.is_number_unsigned()) messages += count.get<std::uint64_t>();
  }
  return messages;
}

}  // namespace podium::gateway
