// The log of one run while it goes on: read from the engine in a thread of its own, shown live,
// kept whole up to its limit.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "libs/chassis/result.hpp"
#include "services/executor/live_log.hpp"
#include "services/executor/log_record.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class RunLog {
 public:
  /// Starts to read from the log's beginning. `runtime` must outlive it.
  RunLog(SandboxRuntime& runtime, std::string run_id, LogRecord record,
         std::unique_ptr<LiveLog> live);
  /// Stops reading.
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  /// After the run has ended: waits a little for what is still on its way, then stops. The calls
  /// below may follow.
  void finish();
  /// The last bytes, at most kLogEndBytesMax.
  std::string_view end() const { return record_.end(); }
  Result<std::string> whole() const { return record_.whole(); }

 private:
  void follow(std::stop_token stop);
  bool take(std::string_view bytes);
  bool may_go_on(const Result<void>& followed, std::stop_token stop);

  SandboxRuntime& runtime_;
  const std::string run_id_;
  LogRecord record_;
  std::unique_ptr<LiveLog> live_;
  std::optional<TimePoint> last_byte_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  bool has_ended_ = false;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace podium::executor
