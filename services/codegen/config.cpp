#include "services/codegen/config.hpp"

#include <algorithm>

#include "libs/chassis/streams.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {
namespace {

v1::SearchSettings read_search(Environment& environment) {
  v1::SearchSettings search;
  search.set_policy(environment.text("PODIUM_SEARCH_POLICY", kDefaultPolicy));
  if (std::ranges::find(search_policies(), search.policy(), &SearchPolicy::name) ==
      search_policies().end()) {
    environment.problem("PODIUM_SEARCH_POLICY", "must be balanced, greedy or tree");
  }
  search.set_scaffold(environment.boolean("PODIUM_SCAFFOLD", false));
  return search;
}

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = read_artifact_options(environment);
  config.templates = environment.text("PODIUM_TEMPLATES", config.templates.string());
  config.prompts = environment.text("PODIUM_PROMPTS", config.prompts.string());
  config.decide_workers =
      static_cast<int>(environment.integer("PODIUM_DECIDE_WORKERS", config.decide_workers, 1, 64));
  config.draft_workers =
      static_cast<int>(environment.integer("PODIUM_DRAFT_WORKERS", config.draft_workers, 1, 256));
  config.models = models::read_roster_settings(environment);
  config.output_tokens_max = static_cast<std::uint32_t>(environment.integer(
      "PODIUM_MODEL_OUTPUT_TOKENS_MAX", config.output_tokens_max, 1'000, 1'000'000));
  config.search = read_search(environment);
  config.search.set_models(!config.models.providers.empty());
  config.database = read_database_options(environment, "codegen");
  config.database.connections_max = kDatabaseConnectionsMax;
  config.database.statement_timeout = kEarlierJobsPatience;
  config.reuse_winners = environment.boolean("PODIUM_REUSE_WINNERS", config.reuse_winners);
  PODIUM_TRY(environment.check());
  return config;
}

StageOptions decide_options(const Config& config) {
  return {.name = "decide",
          .stream = std::string{streams::kJobs},
          .durable = "codegen-decide",
          .workers = config.decide_workers};
}

StageOptions draft_options(const Config& config) {
  return {.name = "draft",
          .stream = std::string{streams::kJobs},
          .durable = "codegen-draft",
          .workers = config.draft_workers};
}

StageOptions report_options() {
  return {.name = "report", .stream = std::string{streams::kJobs}, .durable = "codegen-report"};
}

}  // namespace podium::codegen
