// The check of submissions by a child process that has neither this process's rights nor its
// secrets (check/). Thread-safe: one child a call.
#pragma once

#include <filesystem>

#include "libs/chassis/child/child_process.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class ChildSubmissionCheck : public SubmissionCheck {
 public:
  /// `program` is podium-check; `scratch` the folder for files without names.
  ChildSubmissionCheck(std::filesystem::path program, std::filesystem::path scratch);

  Result<CompetitionNames> read_facts(ScratchFile& facts) override;
  Result<CheckReport> check(const CheckInput& input) override;

 private:
  /// CHECK_FAILED with the child's words when it did not do its work; STOPPED.
  Result<void> run(ChildCall call);

  const std::filesystem::path program_;
  const std::filesystem::path scratch_;
};

}  // namespace podium::executor
