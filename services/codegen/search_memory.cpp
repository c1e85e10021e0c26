#include "services/codegen/search_memory.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "libs/competition/words.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

bool has_come_to_an_end(const v1::CandidateState& one) {
  return one.step() == v1::CANDIDATE_STEP_DONE || one.step() == v1::CANDIDATE_STEP_GIVEN_UP;
}

v1::TriedCandidate told(const v1::CandidateState& one) {
  v1::TriedCandidate tried;
  tried.set_candidate_id(one.id());
  tried.set_kind(one.kind());
  tried.set_parent_id(one.parent_id());
  tried.set_generator(one.generator());
  tried.set_plan_line(one.plan_line());
  tried.set_outcome(competition::word(one.outcome()).value_or(""));
  tried.set_reason_code(one.reason_code());
  if (one.has_score()) *tried.mutable_score() = one.score();
  return tried;
}

/// Candidates that a model writes now; at least one.
std::uint32_t model_drafts_open(const v1::SearchState& state) {
  const auto open = std::ranges::count_if(state.candidates(), [](const auto& one) {
    return one.step() == v1::CANDIDATE_STEP_DRAFTING && !one.has_code() &&
           one.generator() == v1::GENERATOR_MODEL;
  });
  return std::max(static_cast<std::uint32_t>(open), 1U);
}

}  // namespace

v1::BudgetLeft budget_left(const v1::SearchState& state) {
  const auto& options = state.request().options();
  v1::BudgetLeft left;
  left.set_seconds(static_cast<std::uint32_t>(time_left(state).count()));
  left.set_candidates(candidates_max(state) - static_cast<std::uint32_t>(state.candidates_size()));
  const auto writers = model_drafts_open(state);
  if (options.tokens_max() > state.tokens()) {
    left.set_tokens(std::max<std::uint64_t>((options.tokens_max() - state.tokens()) / writers, 1));
  }
  if (options.cost_micro_usd_max() > state.cost_micro_usd()) {
    const auto money = options.cost_micro_usd_max() - state.cost_micro_usd();
    left.set_cost_micro_usd(std::max<std::int64_t>(money / writers, 1));
  }
  return left;
}

google::protobuf::RepeatedPtrField<v1::TriedCandidate> tried_so_far(
    const v1::SearchState& state, const v1::CandidateState& next) {
  std::vector<const v1::CandidateState*> ended;
  for (const auto& one : state.candidates()) {
    if (has_come_to_an_end(one)) ended.push_back(&one);
  }
  std::set<const v1::CandidateState*> chosen;
  const auto newest = std::min(ended.size(), kTriedNewestMax);
  chosen.insert(ended.end() - static_cast<std::ptrdiff_t>(newest), ended.end());
  auto best = ended;
  std::ranges::stable_sort(
      best, [](const auto* left, const auto* right) { return is_better(*left, *right); });
  best.resize(std::min(best.size(), kTriedBestMax));
  chosen.insert(best.begin(), best.end());

  google::protobuf::RepeatedPtrField<v1::TriedCandidate> tried;
  for (const auto* one : ended) {
    const bool parent = one->id() == next.parent_id() || one->id() == next.second_parent_id();
    if (parent || chosen.contains(one)) *tried.Add() = told(*one);
  }
  return tried;
}

}  // namespace podium::codegen
