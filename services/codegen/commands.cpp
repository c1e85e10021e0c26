#include "services/codegen/commands.hpp"

#include <algorithm>
#include <format>

#include "libs/competition/words.hpp"
#include "services/codegen/generator_choice.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/resource_tiers.hpp"
#include "services/codegen/search_memory.hpp"
#include "services/codegen/search_state.hpp"
#include "services/codegen/tenant_loads.hpp"

namespace podium::codegen {
namespace {

v1::CandidateState& candidate_of(v1::SearchState& state, const std::string& id) {
  for (auto& candidate : *state.mutable_candidates()) {
    if (candidate.id() == id) return candidate;
  }
  auto& added = *state.add_candidates();
  added.set_id(id);
  return added;
}

/// Notes that a step was asked for now and when it is asked for again: `patience`, doubling.
void ask(v1::CandidateState& candidate, TimePoint now, std::chrono::seconds patience) {
  const auto doublings = std::min(candidate.asked_times(), kAskAgainDoublingsMax);
  *candidate.mutable_asked_at() = to_proto(now);
  *candidate.mutable_ask_again_at() = to_proto(now + patience * (1 << doublings));
  candidate.set_asked_times(candidate.asked_times() + 1);
}

void apply(v1::SearchState& state, const DraftCandidate& command) {
  auto& candidate = candidate_of(state, command.candidate_id);
  if (candidate.step() == v1::CANDIDATE_STEP_UNSPECIFIED) {
    candidate.set_kind(command.kind);
    candidate.set_parent_id(command.parent_id);
    candidate.set_second_parent_id(command.second_parent_id);
    candidate.set_generator(generator_for(state, candidate));
    candidate.set_scaffold(wants_scaffold(state, candidate));
    candidate.set_variant(command.variant);
    const auto* parent = find_candidate(state, command.parent_id);
    const bool mends = command.kind == v1::CANDIDATE_KIND_DEBUG && parent != nullptr;
    candidate.set_debug_depth(mends ? parent->debug_depth() + 1 : 0);
  }
  const bool new_attempt = candidate.draft_attempt() != command.attempt;
  if (new_attempt) candidate.set_asked_times(0);
  // Never within an attempt: two generators would write under the same names.
  const bool model_off = candidate.generator() == v1::GENERATOR_MODEL && !may_ask_models(state);
  const bool winner_gone = candidate.generator() == v1::GENERATOR_EARLIER && command.attempt > 1;
  if (new_attempt && (model_off || winner_gone)) candidate.set_generator(v1::GENERATOR_BUILTIN);
  candidate.set_step(v1::CANDIDATE_STEP_DRAFTING);
  candidate.set_draft_attempt(command.attempt);
  const bool by_model = candidate.generator() == v1::GENERATOR_MODEL;
  ask(candidate, now_of(state), by_model ? kModelDraftAskAgain : kDraftAskAgain);
}

void apply(v1::SearchState& state, const RunCandidate& command) {
  auto& candidate = candidate_of(state, command.candidate_id);
  const bool first = candidate.step() != v1::CANDIDATE_STEP_RUNNING;
  if (first || candidate.run_attempt() != command.attempt) candidate.set_asked_times(0);
  candidate.set_step(v1::CANDIDATE_STEP_RUNNING);
  candidate.set_run_attempt(command.attempt);
  ask(candidate, now_of(state), std::chrono::seconds{run_seconds_max(state)} + kRunAskAgain);
}

void apply(v1::SearchState& state, const EndJob& command) {
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  auto& ended = *state.mutable_ended();
  ended.set_status(command.status);
  ended.set_reason_code(command.reason_code);
  ended.set_message(command.message);
  ended.set_next_step(command.next_step);
  ended.set_candidates(static_cast<std::uint32_t>(state.candidates_size()));
  *ended.mutable_started_at() = state.created_at();
  ended.set_tokens(state.tokens());
  ended.set_cost_micro_usd(state.cost_micro_usd());
  if (const auto* best = best_of(state)) {
    ended.set_best_candidate_id(best->id());
    *ended.mutable_submission() = best->submission();
    if (best->has_score()) *ended.mutable_score() = best->score();
  }
}

v1::Event event_from(const v1::SearchState& state, std::string id, std::string_view traceparent) {
  v1::Event event;
  event.set_id(std::move(id));
  event.set_job_id(state.job_id());
  event.set_tenant(state.tenant());
  *event.mutable_time() = state.now();
  event.set_producer("codegen");
  event.mutable_trace()->set_traceparent(std::string{traceparent});
  event.mutable_trace()->set_tracestate(state.trace().tracestate());
  return event;
}

/// What a run of the candidate is granted: what the request asks for, else its tier.
ResourceTier tier_of(const v1::SearchState& state, const v1::CandidateState& candidate) {
  auto tier = tier_for(needs_after(state.earlier(), candidate.needs()));
  const auto& asked = state.request().options().resources();
  if (asked.cpu_milli() > 0) tier.resources.set_cpu_milli(asked.cpu_milli());
  if (asked.memory_bytes() > 0) tier.resources.set_memory_bytes(asked.memory_bytes());
  if (asked.gpus() > 0) tier.resources.set_gpus(asked.gpus());
  if (asked.ByteSizeLong() > 0) tier.name = "asked";
  if (candidate.more_memory()) {
    tier.resources.set_memory_bytes(more_memory_than(tier.resources.memory_bytes()));
  }
  return tier;
}

v1::RunLimits limits_of(const v1::SearchState& state, const v1::Resources& granted) {
  v1::RunLimits limits;
  limits.set_wall_seconds_max(run_seconds_max(state));
  limits.set_cpu_milli(granted.cpu_milli());
  limits.set_memory_bytes_max(granted.memory_bytes());
  limits.set_pids_max(kRunPidsMax);
  limits.set_scratch_bytes_max(kRunScratchBytesMax);
  limits.set_predictions_bytes_max(kRunPredictionsBytesMax);
  limits.set_log_bytes_max(kRunLogBytesMax);
  return limits;
}

v1::Event event_for(const v1::SearchState& state, const DraftCandidate& command,
                    std::string_view traceparent) {
  const auto& candidate = *find_candidate(state, command.candidate_id);
  auto event = event_from(state,
                          std::format("{}/draft_requested/{}/{}.{}", state.job_id(), candidate.id(),
                                      command.attempt, candidate.asked_times()),
                          traceparent);
  event.set_subject_id(candidate.id());
  auto& draft = *event.mutable_draft_requested();
  draft.set_candidate_id(candidate.id());
  draft.set_kind(candidate.kind());
  draft.set_parent_id(candidate.parent_id());
  draft.set_generator(candidate.generator());
  draft.set_attempt(command.attempt);
  draft.set_variant(candidate.variant());
  draft.set_run_seconds_max(run_seconds_max(state));
  *draft.mutable_run_resources() = tier_of(state, candidate).resources;
  *draft.mutable_facts() = state.scraped().facts();
  *draft.mutable_data() = state.scraped().data();
  *draft.mutable_hints() = state.hints();
  *draft.mutable_budget_left() = budget_left(state);
  if (candidate.generator() == v1::GENERATOR_MODEL) {
    draft.set_scaffold(candidate.scaffold());
    draft.set_provider(state.request().options().provider());
    draft.set_model(state.request().options().model());
    *draft.mutable_tried() = tried_so_far(state, candidate);
  }
  if (candidate.generator() == v1::GENERATOR_EARLIER) {
    *draft.mutable_earlier_winner() = state.earlier().winner();
  }
  if (const auto* parent = find_candidate(state, candidate.parent_id())) {
    *draft.mutable_parent_code() = parent->code();
    draft.set_parent_log_tail(parent->log_tail());
    draft.set_parent_outcome(competition::word(parent->outcome()).value_or(""));
  }
  if (const auto* second = find_candidate(state, candidate.second_parent_id())) {
    draft.set_second_parent_id(second->id());
    *draft.mutable_second_parent_code() = second->code();
  }
  return event;
}

std::string resource_class(const v1::Resources& granted) {
  if (granted.gpus() > 0) return "gpu";
  return granted.memory_bytes() > kCpuClassMemoryBytesMax ? "memory" : "cpu";
}

/// A tenant with less than half of the mean of open runs goes a band ahead, one with more than one
/// and a half times the mean a band back: who comes late need not wait for a crowd.
int tenant_step(const v1::TenantLoad& load) {
  const std::uint64_t share = std::uint64_t{2} * load.runs() * load.tenants();
  if (share < load.all_runs()) return -1;
  return share > std::uint64_t{3} * load.all_runs() ? 1 : 0;
}

/// 0 is first. A higher priority goes ahead; each two runs that the job has open step it back, and
/// so do the runs of its tenant when it has more of them than others.
std::uint32_t band_of(const v1::SearchState& state) {
  const auto others = std::max<std::int64_t>(std::int64_t{open_runs(state)} - 1, 0);
  const auto band =
      1 - state.request().options().priority() + others / 2 + tenant_step(state.load());
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(band, 0, 3));
}

v1::Event event_for(const v1::SearchState& state, const RunCandidate& command,
                    std::string_view traceparent) {
  const auto& candidate = *find_candidate(state, command.candidate_id);
  const auto run_id = run_id_of(state, candidate);
  auto event = event_from(
      state, std::format("{}/run_ticket/{}/{}", state.job_id(), run_id, candidate.asked_times()),
      traceparent);
  auto& ticket = *event.mutable_run_ticket();
  ticket.set_run_id(run_id);
  ticket.set_candidate_id(candidate.id());
  ticket.set_attempt(command.attempt);
  ticket.set_purpose(v1::RUN_PURPOSE_SEARCH);
  ticket.set_data_split(v1::DATA_SPLIT_NONE);
  const auto tier = tier_of(state, candidate);
  ticket.set_tier(std::string{tier.name});
  *ticket.mutable_limits() = limits_of(state, tier.resources);
  ticket.set_resource_class(resource_class(tier.resources));
  ticket.set_band(band_of(state));
  *ticket.mutable_code() = candidate.code();
  *ticket.mutable_requirements() = candidate.requirements();
  *ticket.mutable_facts() = state.scraped().facts();
  *ticket.mutable_data() = state.scraped().data();
  *ticket.mutable_deadline() = state.deadline();
  event.set_subject_id(std::format("{}.{}.{}", ticket.resource_class(), ticket.band(), run_id));
  return event;
}

v1::Event event_for(const v1::SearchState& state, const EndJob&, std::string_view traceparent) {
  auto event = event_from(state, state.job_id() + "/ended/1", traceparent);
  *event.mutable_ended() = state.ended();
  return event;
}

}  // namespace

v1::SearchState with(v1::SearchState state, const Command& command) {
  std::visit([&state](const auto& one) { apply(state, one); }, command);
  return state;
}

v1::SearchState carry_out(v1::SearchState state, const Commands& commands,
                          std::string_view traceparent) {
  for (const auto& command : commands) {
    state = with(std::move(state), command);
    *state.add_outbox()->mutable_publish() =
        std::visit([&](const auto& one) { return event_for(state, one, traceparent); }, command);
    const auto ticket = state.request().ticket_sequence();
    if (std::holds_alternative<EndJob>(command) && ticket != 0) {
      state.add_outbox()->set_remove_ticket(ticket);
    }
  }
  *state.mutable_wake_at() = to_proto(wake_at(state));
  return state;
}

TimePoint wake_at(const v1::SearchState& state) {
  auto earliest = from_proto(state.deadline());
  for (const auto& candidate : state.candidates()) {
    const bool open = candidate.step() == v1::CANDIDATE_STEP_DRAFTING ||
                      candidate.step() == v1::CANDIDATE_STEP_RUNNING;
    if (open && candidate.has_ask_again_at()) {
      earliest = std::min(earliest, from_proto(candidate.ask_again_at()));
    }
  }
  if (state.outbox_size() > 0) earliest = std::min(earliest, now_of(state) + kOutboxAskAgain);
  return earliest;
}

}  // namespace podium::codegen
