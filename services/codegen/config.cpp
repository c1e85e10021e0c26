#include "services/codegen/config.hpp"

#include "libs/chassis/streams.hpp"

namespace podium::codegen {

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = environment.text("PODIUM_ARTIFACTS", config.artifacts.string());
  config.templates = environment.text("PODIUM_TEMPLATES", config.templates.string());
  config.decide_workers =
      static_cast<int>(environment.integer("PODIUM_DECIDE_WORKERS", config.decide_workers, 1, 64));
  config.draft_workers =
      static_cast<int>(environment.integer("PODIUM_DRAFT_WORKERS", config.draft_workers, 1, 64));
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
