// Gets everything that a sandbox needs to the engine: the names in the competition's facts, the
// data, the program.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "podium/v1/event.pb.h"
#include "services/executor/ports.hpp"

namespace podium::executor {

/// The competition's facts, whole, and the few names in them that a run needs.
struct RunCompetition {
  ScratchFile facts;
  CompetitionNames names;
};

class RunPreparation {
 public:
  /// All must outlive it. `scratch` is the folder for files without names.
  RunPreparation(SandboxRuntime& runtime, SubmissionCheck& check, ArtifactStore& artifacts,
                 std::filesystem::path scratch);

  /// INVALID when the facts name no place that may be mounted or read.
  Result<RunCompetition> competition_of(const v1::RunTicket& ticket);
  /// Tells the bytes that have gone, now and then, if the data has to be brought first.
  using OnProgress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes)>;
  Result<void> bring_data(const v1::RunTicket& ticket, const OnProgress& on_progress,
                          std::stop_token stop);
  /// INVALID when the program is larger than kCodeBytesMax.
  Result<std::string> code_of(const v1::RunTicket& ticket);

 private:
  SandboxRuntime& runtime_;
  SubmissionCheck& check_;
  ArtifactStore& artifacts_;
  const std::filesystem::path scratch_;
};

/// True for a name that may be a folder below kInputFolder.
bool is_safe_slug(std::string_view slug);
/// True for a relative path of plain parts.
bool is_safe_path(std::string_view path);

}  // namespace podium::executor
