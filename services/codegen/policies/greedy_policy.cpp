#include "services/codegen/policies/greedy_policy.hpp"

#include <vector>

#include "services/codegen/policies/chance.hpp"
#include "services/codegen/policies/solution_tree.hpp"

namespace podium::codegen {
namespace {

std::vector<std::size_t> mendable_leaves(const SolutionTree& tree, std::uint32_t depth_max) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < tree.nodes().size(); ++at) {
    if (tree.may_be_mended(at, depth_max)) found.push_back(at);
  }
  return found;
}

}  // namespace

NextCandidate next_greedy(const v1::SearchState& state, const GreedySettings& settings) {
  const SolutionTree tree{state};
  if (tree.count(v1::CANDIDATE_KIND_DRAFT) < settings.drafts) return tree.draft();
  Chance chance{state};
  if (chance.falls(settings.debug_probability)) {
    const auto leaves = mendable_leaves(tree, settings.debug_depth_max);
    const auto drawn = static_cast<std::size_t>(chance.draw() * static_cast<double>(leaves.size()));
    if (!leaves.empty()) return tree.debug(leaves.at(drawn));
  }
  const auto best = tree.best();
  return best == kNoNode ? tree.draft() : tree.improve(best);
}

SearchPolicy greedy_policy(const GreedySettings& settings) {
  return {.name = "greedy", .next = [settings](const v1::SearchState& state) {
            return next_greedy(state, settings);
          }};
}

}  // namespace podium::codegen
