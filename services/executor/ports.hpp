// What the executor needs from outside, free of any technology: something that runs sandboxes,
// something that looks at what a run left, and something that knows what became of runs and jobs.
// Adapters live in adapters/.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/child/scratch_file.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"
#include "podium/v1/run.pb.h"

namespace podium::executor {

/// Where the program of a candidate finds things and leaves things: Kaggle's own folders.
inline constexpr std::string_view kInputFolder = "/kaggle/input";
inline constexpr std::string_view kWorkingFolder = "/kaggle/working";
inline constexpr std::string_view kCodeFolder = "/kaggle/code";
inline constexpr std::string_view kPredictionsName = "submission.csv";

/// What an engine is and has.
struct EngineFacts {
  std::string id;
  std::string version;
  std::string runtime;
  std::uint32_t cpus = 0;
  std::uint64_t memory_bytes = 0;
  /// Content id of the image that sandboxes are made of.
  std::string image_id;
};

/// The data files of a competition: one immutable tar, named by its hash.
struct DataSource {
  std::string sha256;
  std::uint64_t bytes = 0;
  /// Gives the whole tar in pieces; stops when the sink returns false.
  std::function<Result<void>(const std::function<bool(std::string_view piece)>& sink)> read;
  /// Told how many bytes have gone, from the calling thread or another.
  std::function<void(std::uint64_t bytes)> on_progress;
};

/// One run to be started.
struct SandboxSpec {
  std::string run_id;
  std::string job_id;
  unsigned attempt = 1;
  /// As granted: every limit is set.
  v1::RunLimits limits;
  /// Names the data's folder below kInputFolder.
  std::string slug;
  std::string data_sha256;
  /// The candidate's program.
  std::string code;
  std::string traceparent;
  /// After this nobody can want the sandbox any more.
  TimePoint reap_after;
};

enum class SandboxPhase { absent, created, running, ended };

struct SandboxState {
  SandboxPhase phase = SandboxPhase::absent;
  int exit_code = 0;
  /// The kernel killed a process of the sandbox for memory; the program may have survived that.
  bool out_of_memory = false;
  /// What the run wrote is gone, because the engine was restarted under it.
  bool output_lost = false;
  TimePoint started_at;
  TimePoint ended_at;
  std::string sandbox_id;
};

struct Usage {
  double cpu_seconds = 0;
  std::uint64_t memory_peak_bytes = 0;
};

/// A part of the run's output space.
struct OutputSpace {
  std::uint64_t bytes = 0;
  std::uint64_t bytes_free = 0;
  std::uint64_t files_free = 0;
};

enum class SandboxFile {
  predictions,  ///< What the run left.
  data,         ///< A file of the mounted data, by its path below the data's folder.
};

/// How collecting a file went. A refused one is not what it should be: a link, a folder, a pipe, or
/// larger than allowed.
struct Collected {
  enum class Kind { file, absent, refused, too_large } kind = Kind::absent;
  /// For people.
  std::string detail;
};

/// A sandbox or the rest of one, as the engine lists it.
struct SandboxListing {
  std::string run_id;
  std::string job_id;
  TimePoint reap_after;
};

/// A data volume as the engine lists it.
struct DataListing {
  std::string sha256;
  std::uint64_t bytes = 0;
  /// As far as this executor knows; when it was made, if it was never used here.
  TimePoint last_used;
  /// Filled to the end. One that is not and that nobody fills is waste.
  bool complete = false;
};

/// Runs sandboxes, each named after its run. A sandbox has no network, no keys, no privileges and
/// no other job's data; it ends by itself when its wall time is over. Every call is safe to repeat.
/// Thread-safe. Errors: SANDBOX_UNAVAILABLE when the engine does not answer, SANDBOX_REFUSED when
/// it will never do what was asked, NOT_FOUND where said.
class SandboxRuntime {
 public:
  virtual ~SandboxRuntime() = default;

  /// Looks whether sandboxes can be started: engine, image, security profile. Starts one on trial
  /// when something has changed since the last success.
  virtual Result<EngineFacts> self_check() = 0;
  /// Makes the data ready to be mounted; one of many callers does the work, the others wait.
  virtual Result<void> ensure_data(const DataSource& data, std::stop_token stop) = 0;
  /// Starts the run's sandbox, unless it has been started. The data must be there.
  virtual Result<void> start(const SandboxSpec& spec) = 0;
  virtual Result<SandboxState> inspect(std::string_view run_id) = 0;
  /// True when the sandbox has ended, false when `timeout` is over first. NOT_FOUND when it is
  /// gone, STOPPED by the token.
  virtual Result<bool> wait(std::string_view run_id, std::chrono::milliseconds timeout,
                            std::stop_token stop) = 0;
  /// What the program has used so far; nullopt when there is nothing to measure any more.
  virtual Result<std::optional<Usage>> usage(std::string_view run_id) = 0;
  /// Gives everything the program prints from the beginning, or from `since` on, until it has
  /// ended, the sink returns false, or the token stops it.
  virtual Result<void> follow_log(std::string_view run_id, std::optional<TimePoint> since,
                                  const std::function<bool(std::string_view bytes)>& sink,
                                  std::stop_token stop) = 0;
  /// About the last kLogEndLinesMax lines, at most kLogEndBytesMax bytes.
  virtual Result<std::string> log_end(std::string_view run_id) = 0;
  /// Ends the sandbox at once; success also when it has ended already or is gone.
  virtual Result<void> kill(std::string_view run_id) = 0;

  /// Puts a tar of exactly the one file at the end of `into`. Only after the run has ended for
  /// predictions. At most `bytes_max` bytes of content are taken.
  virtual Result<Collected> collect(std::string_view run_id, SandboxFile which,
                                    std::string_view path, std::uint64_t bytes_max,
                                    ScratchFile& into) = 0;
  /// The working folder's space; nullopt when it cannot be told any more.
  virtual Result<std::optional<OutputSpace>> output_space(std::string_view run_id) = 0;
  /// Removes everything that belongs to the run but its data.
  virtual Result<void> remove(std::string_view run_id) = 0;

  /// All sandboxes, and rests of sandboxes, of this stack on this engine, one entry a run.
  virtual Result<std::vector<SandboxListing>> list() = 0;
  virtual Result<std::vector<DataListing>> list_data() = 0;
  /// Success also when it is gone; CONFLICT while somebody uses it.
  virtual Result<void> remove_data(std::string_view sha256) = 0;
  /// Takes away what a dead executor left in the middle of something: locks of fills (this
  /// instance's own from an earlier life, and those of instances for which `is_alive` is false),
  /// sandboxes on trial.
  virtual Result<void> clear_stale_helpers(
      const std::function<bool(std::string_view executor)>& is_alive) = 0;
};

/// The names that a run needs of the competition's facts.
struct CompetitionNames {
  std::string slug;
  /// The sample submission, below the data's folder.
  std::string sample_path;
};

/// What the check looks at. The files hold tars of one file, from their beginning.
struct CheckInput {
  ScratchFile* facts = nullptr;
  ScratchFile* sample_tar = nullptr;
  ScratchFile* predictions_tar = nullptr;
  std::string log_end;
  std::uint64_t predictions_bytes_max = 0;
  /// Ends the check with STOPPED.
  std::stop_token stop = {};
};

struct CheckReport {
  v1::Verdict verdict;
  /// As the program reported it; absent when it printed none that can be.
  std::optional<v1::Score> score;
  /// What the run left, and what may be submitted (empty when refused).
  ScratchFile predictions;
  ScratchFile submission;
};

/// Reads foreign bytes in this process's stead. Thread-safe.
class SubmissionCheck {
 public:
  virtual ~SubmissionCheck() = default;
  virtual Result<CompetitionNames> read_facts(ScratchFile& facts) = 0;
  virtual Result<CheckReport> check(const CheckInput& input) = 0;
};

enum class JobState {
  open,       ///< Goes on, or nothing is known about it.
  cancelled,  ///< Somebody asked to stop it.
  ended,      ///< Decide has ended it.
};

/// What the rest of the house knows of runs and is told about them. Thread-safe; every call is safe
/// to repeat: events are published once, however often they are sent.
class RunLedger {
 public:
  virtual ~RunLedger() = default;
  /// True when the run's end has been told, by whomever.
  virtual Result<bool> is_executed(std::string_view job_id, std::string_view run_id) = 0;
  virtual Result<JobState> job_state(std::string_view job_id) = 0;
  /// Publishes with a producer span below `parent` (a traceparent).
  virtual Result<void> publish(const v1::Event& event, std::string_view parent) = 0;
  /// Publishes without a span: log lines.
  virtual Result<void> publish_quietly(const v1::Event& event) = 0;
};

}  // namespace podium::executor
