#include "services/codegen/generator_choice.hpp"

#include <algorithm>

#include "services/codegen/limits.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

bool is_first(const v1::SearchState& state, const v1::CandidateState& candidate) {
  return state.candidates().empty() || state.candidates(0).id() == candidate.id();
}

/// The first that is not an earlier job's: it begins at once, beside the first calls of models.
bool is_first_of_its_own(const v1::SearchState& state, const v1::CandidateState& candidate) {
  for (const auto& one : state.candidates()) {
    if (one.id() == candidate.id()) return true;
    if (one.generator() != v1::GENERATOR_EARLIER) return false;
  }
  return true;
}

bool has_builtin_child(const v1::SearchState& state, const v1::CandidateState& candidate) {
  return std::ranges::any_of(state.candidates(), [&](const auto& one) {
    return one.id() != candidate.id() && one.parent_id() == candidate.parent_id() &&
           one.generator() == v1::GENERATOR_BUILTIN;
  });
}

bool is_first_improvement_of_builtin(const v1::SearchState& state,
                                     const v1::CandidateState& candidate) {
  if (candidate.kind() != v1::CANDIDATE_KIND_IMPROVE || !candidate.second_parent_id().empty()) {
    return false;
  }
  const auto* parent = find_candidate(state, candidate.parent_id());
  return parent != nullptr && parent->generator() == v1::GENERATOR_BUILTIN &&
         !has_builtin_child(state, candidate);
}

bool came_to_nothing(const v1::CandidateState& one) {
  return one.step() == v1::CANDIDATE_STEP_GIVEN_UP ||
         (one.step() == v1::CANDIDATE_STEP_DONE && !one.accepted());
}

}  // namespace

v1::Generator generator_for(const v1::SearchState& state, const v1::CandidateState& candidate) {
  if (state.earlier().has_winner() && is_first(state, candidate)) return v1::GENERATOR_EARLIER;
  if (!may_ask_models(state) || is_first_of_its_own(state, candidate)) {
    return v1::GENERATOR_BUILTIN;
  }
  return is_first_improvement_of_builtin(state, candidate) ? v1::GENERATOR_BUILTIN
                                                           : v1::GENERATOR_MODEL;
}

bool wants_scaffold(const v1::SearchState& state, const v1::CandidateState& candidate) {
  if (candidate.kind() != v1::CANDIDATE_KIND_DRAFT) return false;
  if (candidate.generator() != v1::GENERATOR_MODEL) return false;
  if (state.settings().scaffold()) return true;
  std::uint32_t failures = 0;
  for (const auto& one : state.candidates()) {
    if (one.generator() != v1::GENERATOR_MODEL || one.scaffold()) continue;
    if (one.accepted()) return false;
    if (one.kind() == v1::CANDIDATE_KIND_DRAFT && came_to_nothing(one)) ++failures;
  }
  return failures >= kScaffoldAfterFailures;
}

}  // namespace podium::codegen
