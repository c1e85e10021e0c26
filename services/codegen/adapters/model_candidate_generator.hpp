// CandidateGenerator that asks language models: prompt, call, reading of the reply, one repair call
// at most. Thread-safe; what it is given must outlive it.
#pragma once

#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/calls/model_caller.hpp"
#include "services/codegen/generator/template_library.hpp"
#include "services/codegen/ports.hpp"
#include "services/codegen/prompts/prompt_library.hpp"

namespace podium::codegen {

class ModelCandidateGenerator final : public CandidateGenerator {
 public:
  struct Parts {
    const PromptLibrary& prompts;
    /// Of the scaffold.
    const TemplateLibrary& templates;
    ModelCaller& caller;
    CallJournal& journal;
    ArtifactStore& artifacts;
    Clock& clock;
    models::ModelClock& steady_clock;
    std::uint32_t output_tokens_max;
  };
  explicit ModelCandidateGenerator(Parts parts) : parts_{parts} {}

  Result<DraftAnswer> draft(const DraftOrder& order) override;

 private:
  struct Task;
  Result<Task> task_of(const DraftOrder& order);
  /// Asks until there is a program or nothing more is to be asked; fills the answer.
  Result<void> converse(const Task& task, DraftAnswer& answer);
  Result<std::string> code_of(const v1::ArtifactRef& reference);
  Result<Call> ask(const DraftOrder& order, const CallKey& key, bool cheap,
                   const std::function<Result<Prompt>()>& write, const DraftAnswer& so_far);
  Result<void> record(DraftAnswer& answer, const CallKey& key, const Call& call);

  Parts parts_;
};

}  // namespace podium::codegen
