#include "services/codegen/generators.hpp"

#include <set>
#include <string>

#include "libs/chassis/ids.hpp"
#include "services/codegen/adapters/builtin_candidate_generator.hpp"
#include "services/codegen/adapters/database_earlier_jobs.hpp"
#include "services/codegen/adapters/earlier_winner_generator.hpp"
#include "services/codegen/adapters/key_value_call_claims.hpp"
#include "services/codegen/adapters/model_candidate_generator.hpp"
#include "services/codegen/calls/call_journal.hpp"
#include "services/codegen/calls/model_caller.hpp"
#include "services/codegen/models/key_check.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/prompts/prompt_library.hpp"

namespace podium::codegen {
namespace {

struct Parts {
  TemplateLibrary templates;
  PromptLibrary prompts;
  std::unique_ptr<models::ModelClock> steady_clock;
  std::unique_ptr<models::ModelRoster> roster;
  std::unique_ptr<KeyValue> bucket;
  std::unique_ptr<Database> database;
};

class OpenGenerators final : public Generators {
 public:
  OpenGenerators(Parts parts, const Config& config, ArtifactStore& artifacts, Clock& clock)
      : parts_{std::move(parts)},
        builtin_{parts_.templates},
        journal_{artifacts},
        claims_{*parts_.bucket, clock, new_uuid_v7(clock.now())},
        caller_{*parts_.roster, journal_, claims_, *parts_.steady_clock},
        model_{{.prompts = parts_.prompts,
                .templates = parts_.templates,
                .caller = caller_,
                .journal = journal_,
                .artifacts = artifacts,
                .clock = clock,
                .steady_clock = *parts_.steady_clock,
                .output_tokens_max = config.output_tokens_max}},
        earlier_{artifacts},
        earlier_jobs_{*parts_.database, config.reuse_winners} {}

  CandidateGenerators all() override {
    return {.builtin = builtin_, .model = model_, .earlier = earlier_};
  }
  EarlierJobsReader* earlier_jobs() override { return &earlier_jobs_; }

 private:
  Parts parts_;
  BuiltinCandidateGenerator builtin_;
  CallJournal journal_;
  KeyValueCallClaims claims_;
  ModelCaller caller_;
  ModelCandidateGenerator model_;
  EarlierWinnerGenerator earlier_;
  DatabaseEarlierJobs earlier_jobs_;
};

void add_keys(Service& service, const models::RosterSettings& settings) {
  std::set<std::string> added;
  for (const auto& provider : settings.providers) {
    // One provider may stand in the list with several models.
    if (!added.insert(provider.name).second) continue;
    service.add_credential(provider.name, std::bind_front(models::check_key, provider));
  }
  if (settings.providers.empty()) {
    service.add_credential("models", [](const auto&) { return models::no_models(); });
  }
}

}  // namespace

Result<std::unique_ptr<Generators>> open_generators(const Config& config, Service& service,
                                                    ArtifactStore& artifacts, Clock& clock) {
  add_keys(service, config.models);
  auto* bus = PODIUM_TRY(service.bus());
  auto steady_clock = std::make_unique<models::SystemModelClock>();
  auto roster = PODIUM_TRY(models::open_roster(config.models, *steady_clock));
  return std::make_unique<OpenGenerators>(
      Parts{.templates = PODIUM_TRY(TemplateLibrary::load(config.templates)),
            .prompts = PODIUM_TRY(PromptLibrary::load(config.prompts)),
            .steady_clock = std::move(steady_clock),
            .roster = std::move(roster),
            .bucket = PODIUM_TRY(bus->bucket("model_calls")),
            .database = PODIUM_TRY(Database::open(config.database))},
      config, artifacts, clock);
}

}  // namespace podium::codegen
