#include "services/codegen/generators.hpp"

#include "libs/chassis/ids.hpp"
#include "services/codegen/adapters/builtin_candidate_generator.hpp"
#include "services/codegen/adapters/key_value_call_claims.hpp"
#include "services/codegen/adapters/model_candidate_generator.hpp"
#include "services/codegen/calls/call_journal.hpp"
#include "services/codegen/calls/model_caller.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/prompts/prompt_library.hpp"

namespace podium::codegen {
namespace {

struct Parts {
  std::unique_ptr<CandidateGenerator> builtin;
  PromptLibrary prompts;
  std::unique_ptr<models::ModelClock> steady_clock;
  std::unique_ptr<models::ModelRoster> roster;
  std::unique_ptr<KeyValue> bucket;
};

class OpenGenerators final : public Generators {
 public:
  OpenGenerators(Parts parts, const Config& config, ArtifactStore& artifacts, Clock& clock)
      : parts_{std::move(parts)},
        journal_{artifacts},
        claims_{*parts_.bucket, clock, new_uuid_v7(clock.now())},
        caller_{*parts_.roster, journal_, claims_, *parts_.steady_clock},
        model_{{.prompts = parts_.prompts,
                .caller = caller_,
                .journal = journal_,
                .artifacts = artifacts,
                .clock = clock,
                .steady_clock = *parts_.steady_clock,
                .output_tokens_max = config.output_tokens_max}} {}

  CandidateGenerator& builtin() override { return *parts_.builtin; }
  CandidateGenerator& model() override { return model_; }

 private:
  Parts parts_;
  CallJournal journal_;
  KeyValueCallClaims claims_;
  ModelCaller caller_;
  ModelCandidateGenerator model_;
};

}  // namespace

Result<std::unique_ptr<Generators>> open_generators(const Config& config, Bus& bus,
                                                    ArtifactStore& artifacts, Clock& clock) {
  auto steady_clock = std::make_unique<models::SystemModelClock>();
  auto roster = PODIUM_TRY(models::open_roster(config.models, *steady_clock));
  return std::make_unique<OpenGenerators>(
      Parts{.builtin = PODIUM_TRY(open_builtin_generator(config.templates)),
            .prompts = PODIUM_TRY(PromptLibrary::load(config.prompts)),
            .steady_clock = std::move(steady_clock),
            .roster = std::move(roster),
            .bucket = PODIUM_TRY(bus.bucket("model_calls"))},
      config, artifacts, clock);
}

}  // namespace podium::codegen
