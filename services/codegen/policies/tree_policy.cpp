#include "services/codegen/policies/tree_policy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "services/codegen/policies/solution_tree.hpp"

namespace podium::codegen {
namespace {

/// What the search has learned of the part of the tree that begins at a node.
struct Subtree {
  double visits = 0;
  double reward = 0;
  /// Something in it may still grow.
  bool alive = false;
};

class UpperConfidenceSearch {
 public:
  UpperConfidenceSearch(const v1::SearchState& state, const TreeSettings& settings)
      : tree_{state}, settings_{settings}, exploration_{exploration_at(spent_share(state))} {
    gather();
  }

  NextCandidate next() const {
    if (tree_.count(v1::CANDIDATE_KIND_DRAFT) < settings_.drafts) return tree_.draft();
    std::vector<std::size_t> choices = drafts();
    double visits = 0;
    for (const auto draft : choices) visits += subtrees_.at(draft).visits;
    while (true) {
      const auto at = most_promising(choices, visits);
      if (at == kNoNode) return tree_.draft();
      if (may_grow(at)) return grow(at);
      choices = tree_.node(at).children;
      visits = subtrees_.at(at).visits;
    }
  }

 private:
  double exploration_at(double spent) const {
    const double length = std::max(settings_.falls_until - settings_.falls_from, 1e-9);
    const double fallen = std::clamp((spent - settings_.falls_from) / length, 0.0, 1.0);
    return settings_.exploration_first +
           fallen * (settings_.exploration_last - settings_.exploration_first);
  }

  std::vector<std::size_t> drafts() const {
    std::vector<std::size_t> found;
    for (std::size_t at = 0; at < tree_.nodes().size(); ++at) {
      if (tree_.node(at).parent == kNoNode) found.push_back(at);
    }
    return found;
  }

  bool may_grow(std::size_t at) const {
    const auto improves = tree_.children_of(at, v1::CANDIDATE_KIND_IMPROVE);
    if (tree_.node(at).standing == Standing::sound) return improves < settings_.improves_per_parent;
    return tree_.may_be_mended(at, settings_.debug_depth_max);
  }

  NextCandidate grow(std::size_t at) const {
    return tree_.node(at).standing == Standing::sound ? tree_.improve(at) : tree_.debug(at);
  }

  /// Rewards of all candidates, then summed up towards the root: parents stand before children.
  void gather() {
    const auto [worst, best] = range_of_values();
    const auto& nodes = tree_.nodes();
    subtrees_.resize(nodes.size());
    for (std::size_t at = nodes.size(); at-- > 0;) {
      auto& own = subtrees_[at];
      own.visits += 1;
      if (nodes[at].scored) {
        own.reward += best > worst ? (nodes[at].value - worst) / (best - worst) : 1;
      }
      own.alive = own.alive || may_grow(at);
      if (nodes[at].parent == kNoNode) continue;
      auto& parent = subtrees_[nodes[at].parent];
      parent.visits += own.visits;
      parent.reward += own.reward;
      parent.alive = parent.alive || own.alive;
    }
  }

  std::pair<double, double> range_of_values() const {
    double worst = std::numeric_limits<double>::max();
    double best = std::numeric_limits<double>::lowest();
    for (const auto& node : tree_.nodes()) {
      if (!node.scored) continue;
      worst = std::min(worst, node.value);
      best = std::max(best, node.value);
    }
    return {worst, best};
  }

  std::size_t most_promising(const std::vector<std::size_t>& choices, double visits) const {
    std::size_t chosen = kNoNode;
    double highest = 0;
    for (const auto at : choices) {
      const auto& subtree = subtrees_.at(at);
      if (!subtree.alive) continue;
      const double mean = subtree.reward / subtree.visits;
      const double bound =
          mean + exploration_ * std::sqrt(std::log(std::max(visits, 1.0)) / subtree.visits);
      if (chosen != kNoNode && bound <= highest) continue;
      chosen = at;
      highest = bound;
    }
    return chosen;
  }

  SolutionTree tree_;
  TreeSettings settings_;
  double exploration_;
  std::vector<Subtree> subtrees_;
};

}  // namespace

NextCandidate next_in_tree(const v1::SearchState& state, const TreeSettings& settings) {
  return UpperConfidenceSearch{state, settings}.next();
}

SearchPolicy tree_policy(const TreeSettings& settings) {
  return {.name = "tree", .next = [settings](const v1::SearchState& state) {
            return next_in_tree(state, settings);
          }};
}

}  // namespace podium::codegen
