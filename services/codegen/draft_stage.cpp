#include "services/codegen/draft_stage.hpp"

#include <google/protobuf/util/json_util.h>

#include "libs/chassis/log.hpp"
#include "services/codegen/calls/call_errors.hpp"
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

/// What the models' part of an answer says, in both events alike.
template <typename Draft>
void tell_models(Draft& event, const DraftAnswer& answer) {
  event.set_tokens(answer.tokens);
  event.set_cost_micro_usd(answer.cost_micro_usd);
  if (answer.use.calls() > 0) *event.mutable_model_use() = answer.use;
  if (answer.prompt) *event.mutable_prompt() = *answer.prompt;
  if (answer.reply) *event.mutable_reply() = *answer.reply;
}

}  // namespace

DraftStage::DraftStage(CandidateGenerators generators, ArtifactStore& artifacts, DraftLog& drafts)
    : generators_{generators}, artifacts_{artifacts}, drafts_{drafts} {}

Result<Events> DraftStage::handle(const v1::Event& draft_requested, StageContext& context) {
  const auto& request = draft_requested.draft_requested();
  const auto& job = draft_requested.job_id();
  if (PODIUM_TRY(drafts_.drafted(job, request.candidate_id()))) return Events{};
  const auto facts = PODIUM_TRY(load_facts(request.facts()));
  const auto budget = std::chrono::seconds{request.budget_left().seconds()};
  const auto answer = PODIUM_TRY(generator_of(request).draft(
      {.job_id = job,
       .request = request,
       .facts = facts,
       .deadline = from_proto(draft_requested.time()) + budget,
       .stop = context.stop(),
       .wanted = [&] { return !drafts_.ended(job).value_or(false); },
       .on_progress = [&](const auto& progress) { tell(draft_requested, progress, context); },
       .traceparent = context.traceparent()}));
  if (!answer.draft && answer.draft.error().is(call_errors::kNotWanted)) return Events{};
  auto event = answer.draft ? PODIUM_TRY(store(draft_requested, *answer.draft))
                            : refusal(draft_requested, answer.draft.error());
  if (event.has_drafted()) {
    tell_models(*event.mutable_drafted(), answer);
  } else {
    tell_models(*event.mutable_draft_failed(), answer);
    event.mutable_draft_failed()->set_models_off(answer.models_off);
  }
  return Events{std::move(event)};
}

CandidateGenerator& DraftStage::generator_of(const v1::DraftRequested& request) {
  if (request.generator() == v1::GENERATOR_MODEL) return generators_.model;
  if (request.generator() == v1::GENERATOR_EARLIER) return generators_.earlier;
  return generators_.builtin;
}

/// For watchers only: one that is lost is no loss.
void DraftStage::tell(const v1::Event& cause, const v1::Progressed& progress,
                      StageContext& context) {
  auto event = event_of(cause, "progressed", cause.draft_requested().candidate_id(),
                        static_cast<unsigned>(progress.done()));
  *event.mutable_progressed() = progress;
  if (const auto sent = context.emit(event, true); !sent) {
    log_debug("progress of a draft was not told", {{"error", sent.error().text()}});
  }
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
  *drafted.mutable_needs() = draft.needs;
  return event;
}

}  // namespace podium::codegen
