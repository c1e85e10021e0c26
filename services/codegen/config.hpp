// Settings of codegen, read once at the start.
#pragma once

#include <filesystem>
#include <string>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_options.hpp"
#include "podium/v1/search.pb.h"
#include "services/codegen/models/roster_settings.hpp"

namespace podium::codegen {

struct Config {
  /// PODIUM_ARTIFACTS and what belongs to it: the artifact store.
  ArtifactOptions artifacts;
  /// PODIUM_TEMPLATES: folder of the built-in generator's templates.
  std::filesystem::path templates = "/usr/share/podium/templates";
  /// PODIUM_PROMPTS: folder of the prompts' templates.
  std::filesystem::path prompts = "/usr/share/podium/prompts";
  /// PODIUM_DECIDE_WORKERS: searches that are moved on at once.
  int decide_workers = 4;
  /// PODIUM_DRAFT_WORKERS: candidates that are written at once. Most of them wait for a model; a
  /// worker costs a thread, and too few keep the built-in generator's drafts waiting behind them.
  int draft_workers = 32;
  /// ANTHROPIC_API_KEY, OPENAI_BASE_URL, PODIUM_MODELS ...: see roster_settings.hpp.
  models::RosterSettings models;
  /// PODIUM_MODEL_OUTPUT_TOKENS_MAX: of one answer, reasoning included. More lets models think
  /// longer, and costs.
  std::uint32_t output_tokens_max = 32'000;
  /// What a job keeps from its beginning. PODIUM_SEARCH_POLICY: greedy, tree or balanced;
  /// PODIUM_SCAFFOLD: models write one function inside a fixed program, for weak models; models are
  /// asked when there are any.
  v1::SearchSettings search;
  /// DATABASE_URL, PODIUM_DATABASE_PASSWORD(_FILE): where earlier jobs are looked up, once a job.
  DatabaseOptions database;
  /// PODIUM_REUSE_WINNERS: the first candidate is what won an earlier job with the same data.
  bool reuse_winners = true;
};

/// Reads the settings; every bad one is in the error.
Result<Config> load_config(Environment& environment);

/// The stages' consumers; made by the set-up step from schemas/streams.json.
StageOptions decide_options(const Config& config);
StageOptions draft_options(const Config& config);
StageOptions report_options();

}  // namespace podium::codegen
