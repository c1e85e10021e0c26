// Writes what a job leaves for people once it has ended: ended -> files under `<job>/`.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/report/fetched_text.hpp"
#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// Owner in the keys of what belongs to a job as a whole: none, `<job>/<name>`.
inline constexpr std::string_view kJobOwner{};

/// What happened in a job. Thread-safe.
class JobHistory {
 public:
  struct Told {
    /// In order; those of is_told() only.
    Events events;
    /// There were more than are kept.
    bool cut_short = false;
  };
  virtual ~JobHistory() = default;
  /// The job's events up to and with the one at `last_sequence`. Reads the whole stream from the
  /// job's beginning on: once per job, never on a hot path. UNAVAILABLE, STOPPED.
  virtual Result<Told> read(std::string_view job_id, std::uint64_t last_sequence,
                            std::stop_token stop) = 0;
};

/// Stores report.md, logs.txt and gpt_code_trace.txt, and of a job with a winner plan.md and
/// submission.csv. Safe to repeat: events after `ended` are not told, so that the bytes are the
/// same. A stored file that is missing is noted, never an error.
class ReportStage {
 public:
  ReportStage(JobHistory& history, ArtifactStore& artifacts);

  Result<Events> handle(const v1::Event& ended, StageContext& context);

 private:
  Result<FetchedText> fetch(const v1::ArtifactRef& artifact, std::uint64_t bytes_max);
  Result<void> copy(const JobStory& story, const v1::ArtifactRef& artifact, std::string_view name,
                    std::uint64_t bytes_max, std::vector<std::string>& notes);

  JobHistory& history_;
  ArtifactStore& artifacts_;
};

}  // namespace podium::codegen
