#include "services/codegen/search_policy.hpp"

#include <algorithm>
#include <format>
#include <optional>

#include "libs/competition/reasons.hpp"
#include "services/codegen/commands.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

namespace reasons = competition::reasons;

std::string candidate_id_after(const v1::SearchState& state) {
  return std::format("c{}", state.candidates_size() + 1);
}

std::string told(const v1::SearchState& state, const v1::CandidateState& best) {
  if (!best.has_score()) return std::format("The submission of {} passed the checks.", best.id());
  const auto& score = best.score();
  return std::format("The best of {} candidates is {} with {} {:.6g}.", state.candidates_size(),
                     best.id(), score.metric(), score.value());
}

std::string fetch_command(const v1::SearchState& state) {
  return std::format("podium result {} -o submission.csv", state.job_id());
}

EndJob end_cancelled(const v1::SearchState& state) {
  const auto& why = state.cancel_reason();
  return {.status = v1::JOB_STATUS_CANCELLED,
          .reason_code = std::string{reasons::kCancelled.name},
          .message = why.empty() ? "The job was cancelled." : "The job was cancelled: " + why,
          .next_step = best_of(state) == nullptr ? "" : fetch_command(state)};
}

EndJob end_failed(const v1::SearchState& state) {
  return {.status = v1::JOB_STATUS_FAILED,
          .reason_code = state.failure_code(),
          .message = state.failure_message(),
          .next_step = state.failure_next_step()};
}

EndJob end_with_best(const v1::SearchState& state, const v1::CandidateState& best) {
  return {.status = v1::JOB_STATUS_SUCCESS,
          .reason_code = std::string{reasons::kBudgetSpent.name},
          .message = told(state, best),
          .next_step = fetch_command(state)};
}

/// The time is up.
EndJob end_by_time(const v1::SearchState& state) {
  if (const auto* best = best_of(state)) return end_with_best(state, *best);
  return {.status = v1::JOB_STATUS_TIMEOUT,
          .reason_code = std::string{reasons::kBudgetSpent.name},
          .message = "The time was up before a candidate left a submission that passed the checks.",
          .next_step = std::string{reasons::kBudgetSpent.sentence}};
}

/// Nothing is open and nothing more may be tried.
EndJob end_by_search(const v1::SearchState& state) {
  if (const auto* best = best_of(state)) return end_with_best(state, *best);
  if (state.candidates().empty()) {
    return {.status = v1::JOB_STATUS_TIMEOUT,
            .reason_code = std::string{reasons::kBudgetSpent.name},
            .message = std::format("{} s were left for the search, and a candidate takes {} s.",
                                   time_left(state).count(), (kRunTimeMin + kEndReserve).count()),
            .next_step = std::string{reasons::kBudgetSpent.sentence}};
  }
  const bool drafted =
      std::ranges::any_of(state.candidates(), [](const auto& one) { return one.has_code(); });
  if (!drafted && !state.candidates(0).failure().empty()) {
    return {.status = v1::JOB_STATUS_FAILED,
            .reason_code = state.candidates(0).reason_code(),
            .message = state.candidates(0).failure(),
            .next_step = std::string{reasons::kDraftFailed.sentence}};
  }
  const auto& reason = drafted ? reasons::kNoValidSubmission : reasons::kDraftFailed;
  return {.status = v1::JOB_STATUS_FAILED,
          .reason_code = std::string{reason.name},
          .message = std::format("None of {} candidates left a submission that passed the checks.",
                                 state.candidates_size()),
          .next_step = std::string{reason.sentence}};
}

bool is_due(const v1::SearchState& state, const v1::CandidateState& candidate) {
  return candidate.has_ask_again_at() && from_proto(candidate.ask_again_at()) <= now_of(state);
}

/// The next step of a candidate that is under way; nothing while its answer is awaited.
std::optional<Command> step_of(const v1::SearchState& state, const v1::CandidateState& one) {
  const bool asked = one.has_asked_at();
  if (one.step() == v1::CANDIDATE_STEP_DRAFTING) {
    if (one.has_code()) return RunCandidate{one.id(), 1};
    if (asked && !is_due(state, one)) return std::nullopt;
    const auto attempt = asked ? one.draft_attempt() : one.draft_attempt() + 1;
    return DraftCandidate{one.id(), one.kind(), one.parent_id(), one.variant(), attempt};
  }
  if (one.step() == v1::CANDIDATE_STEP_RUNNING) {
    if (asked && !is_due(state, one)) return std::nullopt;
    return RunCandidate{one.id(), asked ? one.run_attempt() : one.run_attempt() + 1};
  }
  return std::nullopt;
}

bool has_child(const v1::SearchState& state, const std::string& id, v1::CandidateKind kind) {
  return std::ranges::any_of(state.candidates(), [&](const auto& one) {
    return one.parent_id() == id && one.kind() == kind;
  });
}

/// The broken candidate nearest to working: the deepest in a chain of repairs that may go on.
const v1::CandidateState* deepest_fixable(const v1::SearchState& state) {
  const v1::CandidateState* deepest = nullptr;
  for (const auto& one : state.candidates()) {
    const bool broken = one.step() == v1::CANDIDATE_STEP_DONE && !one.accepted();
    if (!broken || one.debug_depth() >= kDebugDepthMax) continue;
    if (has_child(state, one.id(), v1::CANDIDATE_KIND_DEBUG)) continue;
    if (deepest == nullptr || one.debug_depth() > deepest->debug_depth()) deepest = &one;
  }
  return deepest;
}

std::uint32_t improves_of(const v1::SearchState& state, const std::string& id) {
  return static_cast<std::uint32_t>(std::ranges::count_if(state.candidates(), [&](const auto& one) {
    return one.parent_id() == id && one.kind() == v1::CANDIDATE_KIND_IMPROVE;
  }));
}

DraftCandidate next_candidate(const v1::SearchState& state) {
  const auto id = candidate_id_after(state);
  const auto drafts = count_of(state, v1::CANDIDATE_KIND_DRAFT);
  if (drafts >= kDraftsWanted) {
    if (const auto* broken = deepest_fixable(state)) {
      return {id, v1::CANDIDATE_KIND_DEBUG, broken->id(), broken->debug_depth(), 1};
    }
    const auto* best = best_of(state);
    if (best != nullptr && improves_of(state, best->id()) < kImprovesPerParentMax) {
      return {id, v1::CANDIDATE_KIND_IMPROVE, best->id(), improves_of(state, best->id()), 1};
    }
  }
  return {id, v1::CANDIDATE_KIND_DRAFT, "", drafts, 1};
}

bool may_grow(const v1::SearchState& state) {
  return open_candidates(state) < parallel_max(state) &&
         static_cast<std::uint32_t>(state.candidates_size()) < candidates_max(state) &&
         time_left(state) >= kRunTimeMin + kEndReserve;
}

}  // namespace

Commands decide(const v1::SearchState& state) {
  if (has_ended(state)) return {};
  if (state.cancelled()) return {end_cancelled(state)};
  if (!state.failure_code().empty()) return {end_failed(state)};
  if (now_of(state) >= from_proto(state.deadline())) return {end_by_time(state)};
  if (state.phase() != v1::SEARCH_PHASE_SEARCHING) return {};

  Commands commands;
  v1::SearchState ahead = state;  // the search once the commands so far are carried out
  for (const auto& candidate : state.candidates()) {
    if (auto step = step_of(state, candidate)) {
      ahead = with(std::move(ahead), *step);
      commands.push_back(*std::move(step));
    }
  }
  while (may_grow(ahead)) {
    const Command next = next_candidate(ahead);
    ahead = with(std::move(ahead), next);
    commands.push_back(next);
  }
  if (open_candidates(ahead) == 0) commands.emplace_back(end_by_search(ahead));
  return commands;
}

std::uint32_t run_seconds_max(const v1::SearchState& state) {
  const auto left = time_left(state) - kEndReserve;
  return static_cast<std::uint32_t>(std::clamp(left, std::chrono::seconds{1}, kRunTimeMax).count());
}

}  // namespace podium::codegen
