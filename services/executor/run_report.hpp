// The end of a run, told: `executed` and the artifacts that belong to it.
#pragma once

#include <optional>
#include <string>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "podium/v1/event.pb.h"
#include "services/executor/outcome.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

/// Everything that is told about a run that is over.
struct RunReport {
  Finding finding;
  RunEnd end;
  /// Set when the predictions were looked at.
  std::optional<CheckReport> check;
  /// The whole log as far as it was kept; nullopt when the run never printed.
  std::optional<std::string> log;
  std::string engine;
};

/// Stores the report's artifacts and makes the event. Safe to repeat: content is stored by its
/// hash, the log under the run's own name.
Result<v1::Event> executed_event(const v1::Event& ticket, RunReport& report,
                                 ArtifactStore& artifacts);

/// `started`, when a run begins.
v1::Event started_event(const v1::Event& ticket, const std::string& sandbox,
                        const std::string& engine, const v1::RunLimits& limits);

/// Cut so that it fits into an event whatever a program wrote into its columns.
v1::Verdict cut_verdict(v1::Verdict verdict);

}  // namespace podium::executor
