// Writes one candidate: draft_requested -> drafted | draft_failed.
#pragma once

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

/// Safe to repeat: a candidate that has been drafted is not drafted again, artifacts have fixed
/// names, and `drafted` happens once per candidate.
class DraftStage {
 public:
  DraftStage(CandidateGenerators generators, ArtifactStore& artifacts, DraftLog& drafts);

  Result<Events> handle(const v1::Event& draft_requested, StageContext& context);

 private:
  CandidateGenerator& generator_of(const v1::DraftRequested& request);
  static void tell(const v1::Event& cause, const v1::Progressed& progress, StageContext& context);
  Result<v1::CompetitionFacts> load_facts(const v1::ArtifactRef& facts);
  Result<v1::Event> store(const v1::Event& cause, const CandidateDraft& draft);

  CandidateGenerators generators_;
  ArtifactStore& artifacts_;
  DraftLog& drafts_;
};

}  // namespace podium::codegen
