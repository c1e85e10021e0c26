// Looks at what a run left: collects the predictions and has them checked outside this process.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>

#include "libs/chassis/result.hpp"
#include "podium/v1/run.pb.h"
#include "services/executor/ports.hpp"
#include "services/executor/run_preparation.hpp"

namespace podium::executor {

class RunExamination {
 public:
  /// All must outlive it.
  RunExamination(SandboxRuntime& runtime, SubmissionCheck& check, std::filesystem::path scratch);

  /// The verdict on the predictions of a run that has ended. A run that left none, or something
  /// that is no plain file, is refused without looking further.
  Result<CheckReport> examine(const v1::RunTicket& ticket, const v1::RunLimits& limits,
                              RunCompetition& competition, std::string_view log_end,
                              std::stop_token stop);

 private:
  Result<ScratchFile> sample_of(const v1::RunTicket& ticket, const CompetitionNames& names);

  SandboxRuntime& runtime_;
  SubmissionCheck& check_;
  const std::filesystem::path scratch_;
};

}  // namespace podium::executor
