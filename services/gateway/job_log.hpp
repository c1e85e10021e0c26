// What the runs of a job printed: of runs that have ended the stored log, of others the lines in
// stream LOGS. One text for a person, with a line before each run. Thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/gateway/job_directory.hpp"
#include "services/gateway/job_views.hpp"
#include "services/gateway/log_text.hpp"

namespace podium::gateway {

/// Most of a job's log that one JSON answer holds; the newest is kept. As text it streams whole.
inline constexpr std::size_t kLogAnswerBytesMax = 4 * 1024 * 1024;
/// Longest wait for the lines that stream LOGS says it holds.
inline constexpr std::chrono::milliseconds kLogReadMax{5'000};

class JobLog {
 public:
  JobLog(JobViews& views, Bus& bus, ArtifactStore& artifacts, JobDirectory& directory);

  /// Writes what there is now, run after run; false when the sink refused. Without the database,
  /// what stream LOGS still holds.
  Result<bool> write(std::string_view job_id, const HttpSink& sink);

  /// Writes the lines as they come, of all runs as they mix, until the job has ended and its last
  /// line is written, or the sink refuses.
  Result<void> follow(const JobFacts& job, const HttpSink& sink);

 private:
  Result<bool> write_stored(const RunFacts& run, const HttpSink& sink);
  /// What stream LOGS holds on a subject.
  Result<bool> write_live(const std::string& subject, const HttpSink& sink);
  Result<std::uint64_t> messages_on(std::string_view subject);

  JobViews& views_;
  Bus& bus_;
  ArtifactStore& artifacts_;
  JobDirectory& directory_;
};

}  // namespace podium::gateway
