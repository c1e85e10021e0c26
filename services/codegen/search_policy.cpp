#include "services/codegen/search_policy.hpp"

#include <algorithm>
#include <format>
#include <optional>
#include <ranges>
#include <utility>

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

/// Programs were written and no executor has begun to run one.
bool has_waited_for_executors(const v1::SearchState& state) {
  const auto& all = state.candidates();
  const auto has_run = [](const auto& one) {
    return one.has_run_started_at() || one.outcome() != v1::RUN_OUTCOME_UNSPECIFIED;
  };
  return std::ranges::any_of(all, [](const auto& one) { return one.has_code(); }) &&
         std::ranges::none_of(all, has_run);
}

/// The time is up.
EndJob end_by_time(const v1::SearchState& state) {
  if (const auto* best = best_of(state)) return end_with_best(state, *best);
  if (has_waited_for_executors(state)) {
    return {.status = v1::JOB_STATUS_TIMEOUT,
            .reason_code = std::string{reasons::kExecutorsBusy.name},
            .message = "No candidate ran: no executor had room for one before the time was up.",
            .next_step = std::string{reasons::kExecutorsBusy.sentence}};
  }
  return {.status = v1::JOB_STATUS_TIMEOUT,
          .reason_code = std::string{reasons::kBudgetSpent.name},
          .message = "The time was up before a candidate left a submission that passed the checks.",
          .next_step = std::string{reasons::kBudgetSpent.sentence}};
}

/// ". The last failure: ..." where one is known, else the full stop.
std::string last_failure(const v1::SearchState& state) {
  for (const auto& one : std::views::reverse(state.candidates())) {
    if (!one.failure().empty()) return ". The last failure: " + one.failure();
  }
  return ".";
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
          .message = std::format("None of {} candidates left a submission that passed the checks{}",
                                 state.candidates_size(), last_failure(state)),
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
    return DraftCandidate{.candidate_id = one.id(),
                          .kind = one.kind(),
                          .parent_id = one.parent_id(),
                          .second_parent_id = one.second_parent_id(),
                          .variant = one.variant(),
                          .attempt = attempt};
  }
  if (one.step() == v1::CANDIDATE_STEP_RUNNING) {
    if (asked && !is_due(state, one)) return std::nullopt;
    return RunCandidate{one.id(), asked ? one.run_attempt() : one.run_attempt() + 1};
  }
  return std::nullopt;
}

/// True when the parents that the policy chose can bear such a candidate.
bool fits(const v1::SearchState& state, const NextCandidate& next) {
  if (next.kind == v1::CANDIDATE_KIND_DRAFT) return next.parent_id.empty();
  const auto* parent = find_candidate(state, next.parent_id);
  if (parent == nullptr || parent->step() != v1::CANDIDATE_STEP_DONE) return false;
  if (next.kind == v1::CANDIDATE_KIND_DEBUG) return !parent->accepted();
  if (next.kind == v1::CANDIDATE_KIND_IMPROVE && next.second_parent_id.empty()) {
    return parent->accepted();
  }
  const auto* second = find_candidate(state, next.second_parent_id);
  return parent->accepted() && second != nullptr && second->accepted();
}

DraftCandidate next_candidate(const v1::SearchState& state, const SearchPolicy& policy) {
  auto next = policy.next(state);
  if (!fits(state, next)) next = {.variant = count_of(state, v1::CANDIDATE_KIND_DRAFT)};
  return {.candidate_id = candidate_id_after(state),
          .kind = next.kind,
          .parent_id = std::move(next.parent_id),
          .second_parent_id = std::move(next.second_parent_id),
          .variant = next.variant};
}

bool may_grow(const v1::SearchState& state) {
  return open_candidates(state) < parallel_max(state) &&
         static_cast<std::uint32_t>(state.candidates_size()) < candidates_max(state) &&
         time_left(state) >= kRunTimeMin + kEndReserve;
}

}  // namespace

Commands decide(const v1::SearchState& state) {
  return decide(state, policy_named(state.settings().policy()));
}

Commands decide(const v1::SearchState& state, const SearchPolicy& policy) {
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
    const Command next = next_candidate(ahead, policy);
    ahead = with(std::move(ahead), next);
    commands.push_back(next);
  }
  if (open_candidates(ahead) == 0) commands.emplace_back(end_by_search(ahead));
  if (commands.size() > kCommandsMax) {
    commands.erase(commands.begin() + static_cast<std::ptrdiff_t>(kCommandsMax), commands.end());
  }
  return commands;
}

std::uint32_t run_seconds_max(const v1::SearchState& state) {
  const auto left = time_left(state) - kEndReserve;
  return static_cast<std::uint32_t>(std::clamp(left, std::chrono::seconds{1}, kRunTimeMax).count());
}

}  // namespace podium::codegen
