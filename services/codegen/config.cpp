#include "services/codegen/config.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "libs/chassis/streams.hpp"

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 3> kPolicies{"greedy", "tree", "balanced"};

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = environment.text("PODIUM_ARTIFACTS", config.artifacts.string());
  config.templates = environment.text("PODIUM_TEMPLATES", config.templates.string());
  config.prompts = environment.text("PODIUM_PROMPTS", config.prompts.string());
  config.decide_workers =
      static_cast<int>(environment.integer("PODIUM_DECIDE_WORKERS", config.decide_workers, 1, 64));
  config.draft_workers =
      static_cast<int>(environment.integer("PODIUM_DRAFT_WORKERS", config.draft_workers, 1, 256));
  config.models = models::read_roster_settings(environment);
  config.output_tokens_max = static_cast<std::uint32_t>(environment.integer(
      "PODIUM_MODEL_OUTPUT_TOKENS_MAX", config.output_tokens_max, 1'000, 1'000'000));
  config.policy = environment.text("PODIUM_SEARCH_POLICY", config.policy);
  if (std::ranges::find(kPolicies, config.policy) == kPolicies.end()) {
    environment.problem("PODIUM_SEARCH_POLICY", "must be greedy, tree or balanced");
  }
  config.scaffold = environment.boolean("PODIUM_SCAFFOLD", config.scaffold);
  PODIUM_TRY(environment.check());
  return config;
}

v1::SearchSettings search_settings(const Config& config) {
  v1::SearchSettings settings;
  settings.set_policy(config.policy);
  settings.set_models(!config.models.providers.empty());
  settings.set_scaffold(config.scaffold);
  return settings;
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
