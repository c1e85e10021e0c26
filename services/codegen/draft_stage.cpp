#include "services/codegen/draft_stage.hpp"

#include <google/protobuf/util/json_util.h>

#include "services/codegen/limits.hpp"

namespace podium::codegen {
namespace {

v1::Event refusal(const v1::Event& cause, const Error& error) {
  const auto& request = cause.draft_requested();
  auto event = event_of(cause, "draft_failed", request.candidate_id(), request.attempt());
  auto& failed = *event.mutable_draft_failed();
  failed.set_candidate_id(request.candidate_id());
  failed.set_attempt(request.attempt());
  failed.set_reason_code(std::string{error.code->name});
  failed.set_message(error.detail);
  return event;
}

}  // namespace

DraftStage::DraftStage(CandidateGenerator& generator, ArtifactStore& artifacts, DraftLog& drafts)
    : generator_{generator}, artifacts_{artifacts}, drafts_{drafts} {}

Result<Events> DraftStage::handle(const v1::Event& draft_requested, StageContext&) {
  const auto& request = draft_requested.draft_requested();
  if (PODIUM_TRY(drafts_.drafted(draft_requested.job_id(), request.candidate_id()))) {
    return Events{};
  }
  const auto facts = PODIUM_TRY(load_facts(request.facts()));
  const auto draft = generator_.draft(request, facts);
  if (!draft) {
    if (draft.error().code->disposition != Disposition::reject) {
      return std::unexpected{draft.error()};
    }
    return Events{refusal(draft_requested, draft.error())};
  }
  return Events{PODIUM_TRY(store(draft_requested, *draft))};
}

Result<v1::CompetitionFacts> DraftStage::load_facts(const v1::ArtifactRef& reference) {
  const auto json = PODIUM_TRY(artifacts_.get(reference.key(), kFactsBytesMax));
  v1::CompetitionFacts facts;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &facts, options);
  if (!parsed.ok()) return fail(errors::kInvalid, "the competition's facts cannot be read");
  return facts;
}

Result<v1::Event> DraftStage::store(const v1::Event& cause, const CandidateDraft& draft) {
  const auto& request = cause.draft_requested();
  const auto& job = cause.job_id();
  const auto& candidate = request.candidate_id();
  if (draft.code.size() > kCodeBytesMax) {
    return refusal(cause, Error{&errors::kTooLarge, "the program is larger than 1 MiB"});
  }
  auto event = event_of(cause, "drafted", candidate, request.attempt());
  auto& drafted = *event.mutable_drafted();
  drafted.set_candidate_id(candidate);
  drafted.set_kind(request.kind());
  drafted.set_parent_id(request.parent_id());
  drafted.set_generator(request.generator());
  drafted.set_attempt(request.attempt());
  *drafted.mutable_code() =
      PODIUM_TRY(artifacts_.put_named(job, candidate, "solution.py", draft.code));
  *drafted.mutable_plan() = PODIUM_TRY(artifacts_.put_named(job, candidate, "plan.md", draft.plan));
  *drafted.mutable_requirements() =
      PODIUM_TRY(artifacts_.put_named(job, candidate, "requirements.txt", draft.requirements));
  drafted.set_plan_line(draft.plan_line);
  drafted.set_tokens(draft.tokens);
  drafted.set_cost_micro_usd(draft.cost_micro_usd);
  *drafted.mutable_needs() = draft.needs;
  return event;
}

}  // namespace podium::codegen
