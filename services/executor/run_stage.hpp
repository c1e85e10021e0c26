// One run from its ticket to its end. A ticket may come again at any point, after any crash: what
// is to be done is decided anew from what the outside says (run_decision.hpp), and every step is
// safe to repeat. The order is: claim, started, sandbox, artifacts, executed, removal, release,
// settlement.
#pragma once

#include <filesystem>
#include <optional>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/executor/grant.hpp"
#include "services/executor/live_run.hpp"
#include "services/executor/ports.hpp"
#include "services/executor/run_claims.hpp"
#include "services/executor/run_examination.hpp"
#include "services/executor/run_preparation.hpp"
#include "services/executor/run_report.hpp"
#include "services/executor/run_watch.hpp"

namespace podium::executor {

/// What a stage is made of; all must outlive it.
struct RunParts {
  SandboxRuntime& runtime;
  SubmissionCheck& check;
  RunLedger& ledger;
  RunClaims& claims;
  ArtifactStore& artifacts;
  Capacity capacity;
  /// Folder for files without names.
  std::filesystem::path scratch;
  WatchTimes watch_times;
};

/// run ticket -> started, log lines, executed. Thread-safe: one call a run, many runs at once.
class RunStage {
 public:
  explicit RunStage(RunParts parts);

  /// Works on the run until it is over or is to stop, and says what becomes of its tickets.
  Settlement handle(LiveRun& run);
  /// What the run may use, as it was or would be granted.
  v1::RunLimits limits_of(const LiveRun& run) const;

 private:
  struct Look {
    RunFacts facts;
    std::optional<HeldClaim> claim;
  };
  Result<Look> look(const LiveRun& run);
  Result<Settlement> work(LiveRun& run);
  Result<Settlement> start(LiveRun& run, const Look& look);
  Result<void> start_sandbox(LiveRun& run, v1::RunLimits& limits);
  Result<Settlement> adopt(LiveRun& run, const Look& look);
  Result<Settlement> follow(LiveRun& run, const v1::RunLimits& limits);
  Result<SandboxState> end_unwanted(LiveRun& run);
  Result<Settlement> leave(LiveRun& run);
  void hand_back_claim(LiveRun& run);
  Result<RunReport> judge(LiveRun& run, RunEnd end);
  Result<Settlement> conclude(LiveRun& run, RunReport report);
  Result<Settlement> conclude_unrun(LiveRun& run, v1::RunOutcome outcome, std::string message);
  Result<Settlement> settle_executed(LiveRun& run, const Look& look);
  Result<bool> take_claim(LiveRun& run, const Look& look);
  void clean_up(LiveRun& run);
  void undo_start(LiveRun& run);
  void tell_progress(const LiveRun& run, std::uint64_t done, std::uint64_t total);
  Settlement settlement_of(LiveRun& run, const Error& error);

  RunParts parts_;
  RunPreparation preparation_;
  RunExamination examination_;
};

}  // namespace podium::executor
