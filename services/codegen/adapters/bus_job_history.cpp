#include "services/codegen/adapters/bus_job_history.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"
#include "services/codegen/report/report_limits.hpp"

namespace podium::codegen {
namespace {

/// Events between the bus's thread, which brings them, and the one that waits for the last.
class Collector {
 public:
  explicit Collector(std::uint64_t last_sequence) : last_sequence_{last_sequence} {}

  void put(const StoredMessage& message) {
    const std::scoped_lock lock{mutex_};
    if (complete_) return;
    ++heard_;
    complete_ = message.sequence >= last_sequence_;
    if (message.sequence <= last_sequence_) keep(message);
    changed_.notify_all();
  }

  Result<JobHistory::Told> wait(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!complete_) {
      const std::uint64_t heard = heard_;
      const bool news = changed_.wait_for(lock, stop, kHistoryQuietMax,
                                          [&] { return complete_ || heard_ > heard; });
      if (stop.stop_requested()) return fail(errors::kStopped, "while a job's history was read");
      if (!news) return fail(errors::kUnavailable, "stream JOBS gives no messages");
    }
    return std::move(told_);
  }

 private:
  void keep(const StoredMessage& message) {
    auto event = parse_event(message.data);
    if (!event || !is_told(*event)) return;
    bytes_ += message.data.size();
    if (told_.events.size() == kHistoryEventsMax || bytes_ > kHistoryBytesMax) {
      told_.cut_short = true;
      return;
    }
    told_.events.push_back(*std::move(event));
  }

  const std::uint64_t last_sequence_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  JobHistory::Told told_;    // guarded by mutex_
  std::size_t bytes_ = 0;    // guarded by mutex_
  std::uint64_t heard_ = 0;  // guarded by mutex_
  bool complete_ = false;    // guarded by mutex_
};

}  // namespace

BusJobHistory::BusJobHistory(Bus& bus) : bus_{bus} {}

Result<JobHistory::Told> BusJobHistory::read(std::string_view job_id, std::uint64_t last_sequence,
                                             std::stop_token stop) {
  v1::Event first;
  first.set_job_id(std::string{job_id});
  first.mutable_requested();
  const auto subject = PODIUM_TRY(subject_of(first));
  const auto requested = PODIUM_TRY(bus_.last_message(streams::kJobs, subject));
  const bool known = requested && requested->sequence <= last_sequence;
  Collector collector{last_sequence};
  // Nothing of a job stands before its request; without it the whole stream is looked through.
  const auto reading = PODIUM_TRY(
      bus_.read_ordered(streams::kJobs, job_subjects(job_id), known ? requested->sequence : 1,
                        [&collector](const StoredMessage& message) { collector.put(message); }));
  return collector.wait(stop);
}

}  // namespace podium::codegen
