#include "services/codegen/policies/estimates.hpp"

#include <algorithm>
#include <cmath>

namespace podium::codegen {
namespace {

/// With fewer steps than this nothing is known of how far improvements move.
constexpr std::size_t kStepsMin = 3;

double middle_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double typical_noise(const SolutionTree& tree) {
  std::vector<double> told;
  for (const auto& node : tree.nodes()) {
    if (node.scored && node.noise > 0) told.push_back(node.noise);
  }
  return middle_of(std::move(told));
}

bool follows_a_score(const SolutionTree& tree, const SolutionNode& node) {
  return node.scored && node.parent != kNoNode && tree.node(node.parent).scored;
}

/// Variance of the true step from a candidate to its child: what of the steps seen is not noise.
double variance_of_steps(const SolutionTree& tree, double noise) {
  double squares = 0;
  std::size_t steps = 0;
  for (const auto& node : tree.nodes()) {
    if (!follows_a_score(tree, node)) continue;
    const double step = node.value - tree.node(node.parent).value;
    squares += step * step;
    ++steps;
  }
  const double of_one_score = noise * noise;
  if (steps < kStepsMin) return of_one_score;
  const double left = squares / static_cast<double>(steps) - 2 * of_one_score;
  return std::max(left, of_one_score / 16);
}

}  // namespace

Estimates estimate(const SolutionTree& tree) {
  Estimates all{.of = {}, .noise = typical_noise(tree)};
  const double of_one_score = all.noise * all.noise;
  const double of_steps = variance_of_steps(tree, all.noise);
  for (const auto& node : tree.nodes()) {
    auto& own = all.of.emplace_back(node.value, of_one_score);
    if (of_one_score <= 0 || !follows_a_score(tree, node)) continue;
    const auto& parent = all.of.at(node.parent);
    const double before = parent.variance + of_steps;
    const double weight = before / (before + of_one_score);
    own.value = parent.value + weight * (node.value - parent.value);
    own.variance = weight * of_one_score;
  }
  return all;
}

}  // namespace podium::codegen
