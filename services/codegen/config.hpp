// Settings of codegen, read once at the start.
#pragma once

#include <filesystem>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium::codegen {

struct Config {
  /// PODIUM_ARTIFACTS: folder of the artifact store.
  std::filesystem::path artifacts = "/var/lib/podium/artifacts";
  /// PODIUM_TEMPLATES: folder of the built-in generator's templates.
  std::filesystem::path templates = "/usr/share/podium/templates";
  /// PODIUM_DECIDE_WORKERS: searches that are moved on at once.
  int decide_workers = 4;
  /// PODIUM_DRAFT_WORKERS: candidates that are written at once.
  int draft_workers = 2;
};

/// Reads the settings; every bad one is in the error.
Result<Config> load_config(Environment& environment);

/// The stages' consumers; made by the set-up step from schemas/streams.json.
StageOptions decide_options(const Config& config);
StageOptions draft_options(const Config& config);
StageOptions report_options();

}  // namespace podium::codegen
