#include "services/executor/live_log.hpp"

#include <utility>

#include "libs/chassis/log.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

constexpr std::string_view kRateMark = "[podium: lines are left out here, they came too fast]";
constexpr std::string_view kEndMark =
    "[podium: no more live lines of this run; the whole log is kept]";
constexpr std::string_view kOverflowMark = "[podium: lines are left out here, the broker is slow]";

}  // namespace

LiveLog::LiveLog(std::string run_id, std::string candidate_id, Publish publish)
    : run_id_{std::move(run_id)},
      candidate_id_{std::move(candidate_id)},
      publish_{std::move(publish)},
      thread_{[this] { run(); }} {}

LiveLog::~LiveLog() {
  finish();
}

void LiveLog::add(std::string_view bytes) {
  splitter_.feed(bytes, [this](std::string line) { take_line(std::move(line)); });
}

void LiveLog::finish() {
  if (!thread_.joinable()) return;
  splitter_.finish([this](std::string line) { take_line(std::move(line)); });
  {
    const std::scoped_lock lock{mutex_};
    finished_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LiveLog::take_line(std::string text) {
  const auto number = ++lines_seen_;
  const std::scoped_lock lock{mutex_};
  switch (gate_.ask(text.size(), std::chrono::steady_clock::now())) {
    case LogGate::Answer::pass:
      return push_locked({number, std::move(text), false});
    case LogGate::Answer::mark_rate:
      return push_locked({number, std::string{kRateMark}, true});
    case LogGate::Answer::mark_end:
      return push_locked({number, std::string{kEndMark}, true});
    case LogGate::Answer::drop:
      return;
  }
}

void LiveLog::push_locked(Line line) {
  if (waiting_.size() >= kLogWaitingLinesMax) {
    if (!std::exchange(overflowed_, true))
      waiting_.back() = {waiting_.back().number, std::string{kOverflowMark}, true};
    return;
  }
  overflowed_ = false;
  if (waiting_.empty()) oldest_ = std::chrono::steady_clock::now();
  waiting_.push_back(std::move(line));
  if (waiting_.size() == 1 || waiting_.size() >= kLogBatchLinesMax) changed_.notify_one();
}

void LiveLog::run() {
  std::unique_lock lock{mutex_};
  while (!finished_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
    changed_.wait_until(lock, oldest_ + kLogFlushAfter,
                        [this] { return finished_ || waiting_.size() >= kLogBatchLinesMax; });
    if (waiting_.empty()) continue;
    const auto batch = take_batch_locked();
    lock.unlock();
    if (const auto published = publish_(batch); !published) {
      log_debug("log lines could not be published", {{"error", published.error().text()}});
    }
    lock.lock();
  }
}

/// Lines whose numbers follow each other, so that the first number tells all; a mark ends a batch.
v1::LogLines LiveLog::take_batch_locked() {
  v1::LogLines batch;
  batch.set_run_id(run_id_);
  batch.set_candidate_id(candidate_id_);
  batch.set_first_line(waiting_.front().number);
  std::size_t bytes = 0;
  auto next = waiting_.front().number;
  while (!waiting_.empty() && !batch.truncated()) {
    auto& line = waiting_.front();
    const bool fits = batch.lines_size() == 0 ||
                      (static_cast<std::size_t>(batch.lines_size()) < kLogBatchLinesMax &&
                       bytes + line.text.size() <= kLogBatchBytesMax);
    if (line.number != next || !fits) break;
    bytes += line.text.size();
    batch.set_truncated(line.mark);
    batch.add_lines(std::move(line.text));
    waiting_.pop_front();
    ++next;
  }
  oldest_ = std::chrono::steady_clock::now();
  return batch;
}

}  // namespace podium::executor
