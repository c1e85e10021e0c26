#include "services/codegen/policies/solution_tree.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

Standing standing_of(const v1::CandidateState& candidate) {
  if (candidate.step() == v1::CANDIDATE_STEP_GIVEN_UP) return Standing::given_up;
  if (candidate.step() != v1::CANDIDATE_STEP_DONE) return Standing::open;
  return candidate.accepted() ? Standing::sound : Standing::broken;
}

}  // namespace

SolutionTree::SolutionTree(const v1::SearchState& state) {
  std::unordered_map<std::string_view, std::size_t> places;
  nodes_.reserve(static_cast<std::size_t>(state.candidates_size()));
  const auto place_of = [&places](std::string_view id) {
    const auto found = places.find(id);
    return found == places.end() ? kNoNode : found->second;
  };
  for (const auto& candidate : state.candidates()) {
    const std::size_t at = nodes_.size();
    auto& node = nodes_.emplace_back();
    node.candidate = &candidate;
    node.standing = standing_of(candidate);
    read_score(node);
    node.parent = place_of(candidate.parent_id());
    node.branch = node.parent == kNoNode ? at : nodes_.at(node.parent).branch;
    node.second_parent = place_of(candidate.second_parent_id());
    for (const auto parent : {node.parent, node.second_parent}) {
      if (parent != kNoNode) nodes_.at(parent).children.push_back(at);
    }
    places.emplace(candidate.id(), at);
  }
}

void SolutionTree::read_score(SolutionNode& node) const {
  const auto& candidate = *node.candidate;
  const auto& score = candidate.score();
  node.scored = candidate.accepted() && candidate.has_score() && std::isfinite(score.value());
  if (!node.scored) return;
  node.value = score.higher_is_better() ? score.value() : -score.value();
  const double folds = std::max(score.folds(), 1U);
  if (std::isfinite(score.spread()) && score.spread() > 0) {
    node.noise = score.spread() / std::sqrt(folds);
  }
}

std::uint32_t SolutionTree::count(v1::CandidateKind kind) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      nodes_, [kind](const auto& node) { return node.candidate->kind() == kind; }));
}

std::size_t SolutionTree::best() const {
  std::size_t best = kNoNode;
  for (std::size_t at = 0; at < nodes_.size(); ++at) {
    if (nodes_[at].standing != Standing::sound) continue;
    if (best == kNoNode || is_better(*nodes_[at].candidate, *nodes_[best].candidate)) best = at;
  }
  return best;
}

std::uint32_t SolutionTree::children_of(std::size_t at, v1::CandidateKind kind) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      nodes_.at(at).children,
      [&](std::size_t child) { return nodes_.at(child).candidate->kind() == kind; }));
}

std::uint32_t SolutionTree::open_children_of(std::size_t at) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      nodes_.at(at).children,
      [&](std::size_t child) { return nodes_.at(child).standing == Standing::open; }));
}

bool SolutionTree::may_be_mended(std::size_t at, std::uint32_t debug_depth_max) const {
  const auto& node = nodes_.at(at);
  return node.standing == Standing::broken && node.candidate->debug_depth() < debug_depth_max &&
         children_of(at, v1::CANDIDATE_KIND_DEBUG) == 0;
}

NextCandidate SolutionTree::draft() const {
  // What an earlier job left is no draft of this one: the first of its own is number 0.
  const auto taken = std::ranges::count_if(nodes_, [](const auto& node) {
    return node.candidate->generator() == v1::GENERATOR_EARLIER;
  });
  return {.kind = v1::CANDIDATE_KIND_DRAFT,
          .variant = count(v1::CANDIDATE_KIND_DRAFT) - static_cast<std::uint32_t>(taken)};
}

NextCandidate SolutionTree::debug(std::size_t broken) const {
  return {.kind = v1::CANDIDATE_KIND_DEBUG,
          .parent_id = nodes_.at(broken).candidate->id(),
          .variant = count(v1::CANDIDATE_KIND_DEBUG)};
}

NextCandidate SolutionTree::improve(std::size_t parent) const {
  return {.kind = v1::CANDIDATE_KIND_IMPROVE,
          .parent_id = nodes_.at(parent).candidate->id(),
          .variant = count(v1::CANDIDATE_KIND_IMPROVE)};
}

NextCandidate SolutionTree::merge(std::size_t parent, std::size_t second) const {
  auto merged = improve(parent);
  merged.second_parent_id = nodes_.at(second).candidate->id();
  return merged;
}

NextCandidate SolutionTree::ensemble(std::size_t parent, std::size_t second) const {
  return {.kind = v1::CANDIDATE_KIND_ENSEMBLE,
          .parent_id = nodes_.at(parent).candidate->id(),
          .second_parent_id = nodes_.at(second).candidate->id(),
          .variant = count(v1::CANDIDATE_KIND_ENSEMBLE)};
}

double spent_share(const v1::SearchState& state) {
  using Seconds = std::chrono::duration<double>;
  const auto begun = from_proto(state.created_at());
  const double all = Seconds{from_proto(state.deadline()) - begun}.count();
  const double time = all > 0 ? Seconds{now_of(state) - begun}.count() / all : 1;
  const double candidates =
      static_cast<double>(state.candidates_size()) / std::max(candidates_max(state), 1U);
  return std::clamp(std::max(time, candidates), 0.0, 1.0);
}

}  // namespace podium::codegen
