// The lines of a running program on their way to people who watch: gathered into small batches and
// published from a thread of its own, so that a slow broker never holds up the reading. What cannot
// be published is left out: the whole log is an artifact. add() and finish() from one thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "libs/chassis/result.hpp"
#include "podium/v1/run.pb.h"
#include "services/executor/log_lines.hpp"

namespace podium::executor {

class LiveLog {
 public:
  /// Publishes one batch; may block for a while.
  using Publish = std::function<Result<void>(const v1::LogLines& batch)>;

  LiveLog(std::string run_id, std::string candidate_id, Publish publish);
  /// finish()es.
  ~LiveLog();
  LiveLog(const LiveLog&) = delete;
  LiveLog& operator=(const LiveLog&) = delete;

  void add(std::string_view bytes);
  /// Publishes what is left and ends the thread. Later calls do nothing.
  void finish();

 private:
  struct Line {
    std::uint64_t number = 0;
    std::string text;
    bool mark = false;
  };
  void take_line(std::string text);
  void push_locked(Line line);
  void run();
  v1::LogLines take_batch_locked();

  const std::string run_id_;
  const std::string candidate_id_;
  const Publish publish_;
  LineSplitter splitter_;
  LogGate gate_;
  std::uint64_t lines_seen_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Line> waiting_;  // guarded by mutex_
  LogGate::Time oldest_{};    // guarded by mutex_: when the first waiting line came
  bool overflowed_ = false;   // guarded by mutex_
  bool finished_ = false;     // guarded by mutex_
  std::jthread thread_;
};

}  // namespace podium::executor
