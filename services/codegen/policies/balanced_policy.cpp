#include "services/codegen/policies/balanced_policy.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "services/codegen/policies/chance.hpp"
#include "services/codegen/policies/estimates.hpp"
#include "services/codegen/policies/solution_tree.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

struct Record {
  double tries = 0;
  double successes = 0;
};

class BalancedChoice {
 public:
  BalancedChoice(const v1::SearchState& state, const BalancedSettings& settings)
      : state_{state},
        settings_{settings},
        tree_{state},
        estimates_{estimate(tree_)},
        spent_{spent_share(state)},
        chance_{state} {
    if (!settings_.heed_noise) forget_noise();
    close_stagnant_branches();
    rank();
  }

  NextCandidate next() {
    if (tree_.count(v1::CANDIDATE_KIND_DRAFT) < drafts_wanted()) return tree_.draft();
    if (const auto broken = worth_mending(); broken != kNoNode) return tree_.debug(broken);
    if (auto ensemble = due_ensemble()) return *std::move(ensemble);
    if (auto merged = due_merge()) return *std::move(merged);
    const double fresh = models_write() ? settings_.fresh_draft_probability * (1 - spent_) : 0;
    const bool afresh = chance_.falls(fresh);
    const auto parent = drawn_from_pool();
    return afresh || parent == kNoNode ? tree_.draft() : tree_.improve(parent);
  }

 private:
  void forget_noise() {
    estimates_.noise = 0;
    for (std::size_t at = 0; at < estimates_.of.size(); ++at) {
      estimates_.of[at].value = tree_.node(at).value;
    }
  }

  /// Without models a further draft is an earlier one with other seeds, and a merge unites nothing.
  bool models_write() const { return may_ask_models(state_); }

  std::uint32_t drafts_wanted() const {
    if (!models_write()) return settings_.builtin_drafts;
    const auto room = candidates_max(state_) / settings_.candidates_per_draft;
    return std::clamp(room, settings_.drafts_min, settings_.drafts_max);
  }

  double value(std::size_t at) const { return estimates_.of.at(at).value; }
  double gain_min() const { return settings_.gain_noises * estimates_.noise; }

  bool is_better(std::size_t left, std::size_t right) const {
    if (tree_.node(left).scored != tree_.node(right).scored) return tree_.node(left).scored;
    return tree_.node(left).scored && value(left) > value(right);
  }

  /// What came of a row of candidates since the last gain.
  struct Course {
    std::optional<double> best;
    std::uint32_t fruitless = 0;
    std::uint32_t failed = 0;
  };

  void follow(Course& course, std::size_t at) const {
    const auto& node = tree_.node(at);
    if (node.standing == Standing::open) return;
    if (node.standing != Standing::sound) {
      ++course.failed;
    } else if (node.scored && (!course.best || value(at) > *course.best + gain_min())) {
      course = {.best = value(at)};
    } else {
      ++course.fruitless;
    }
  }

  /// A branch is closed when its last so many candidates gained nothing.
  void close_stagnant_branches() {
    std::vector<Course> courses(tree_.nodes().size());
    for (std::size_t at = 0; at < courses.size(); ++at) follow(courses[tree_.node(at).branch], at);
    for (const auto& node : tree_.nodes()) {
      const auto& course = courses[node.branch];
      closed_.push_back(course.fruitless >= settings_.stagnant_branch_max ||
                        course.failed >= settings_.failed_branch_max);
    }
  }

  /// Improvements of a candidate have come to nothing.
  bool is_exhausted(std::size_t at) const {
    Course course{.best = tree_.node(at).scored ? std::optional{value(at)} : std::nullopt};
    for (const auto child : tree_.node(at).children) follow(course, child);
    return course.fruitless >= settings_.fruitless_improves_max ||
           course.failed >= settings_.failed_improves_max;
  }

  /// Sound candidates, the best first.
  void rank() {
    for (std::size_t at = 0; at < tree_.nodes().size(); ++at) {
      if (tree_.node(at).standing == Standing::sound) ranked_.push_back(at);
    }
    std::ranges::stable_sort(ranked_,
                             [this](auto left, auto right) { return is_better(left, right); });
  }

  /// The broken candidate that is best mended now, kNoNode when trying afresh promises more.
  std::size_t worth_mending() const {
    std::size_t chosen = kNoNode;
    for (std::size_t at = 0; at < tree_.nodes().size(); ++at) {
      if (!tree_.may_be_mended(at, settings_.debug_depth_max) || !is_wanted(at)) continue;
      const auto depth = tree_.node(at).candidate->debug_depth();
      if (chosen == kNoNode || depth > tree_.node(chosen).candidate->debug_depth()) chosen = at;
    }
    if (chosen == kNoNode) return kNoNode;
    const bool promises = repair_rate() >= settings_.debug_advantage * fresh_rate();
    return promises ? chosen : kNoNode;
  }

  /// What a broken candidate would become is still of use: the one it grew from is in the pool.
  bool is_wanted(std::size_t broken) const {
    auto at = tree_.node(broken).parent;
    while (at != kNoNode && tree_.node(at).standing == Standing::broken) at = tree_.node(at).parent;
    if (at == kNoNode) return spent_ < settings_.drafts_mended_until || ranked_.empty();
    const auto pool = pool_size();
    const auto rank = static_cast<std::size_t>(std::ranges::find(ranked_, at) - ranked_.begin());
    return rank < pool;
  }

  /// Begun with two successes, so that the first repairs are tried.
  double repair_rate() const {
    const auto repairs =
        record_of([](v1::CandidateKind kind) { return kind == v1::CANDIDATE_KIND_DEBUG; });
    return (repairs.successes + 2) / (repairs.tries + 2);
  }
  double fresh_rate() const {
    const auto fresh =
        record_of([](v1::CandidateKind kind) { return kind != v1::CANDIDATE_KIND_DEBUG; });
    return (fresh.successes + 1) / (fresh.tries + 2);
  }

  template <typename Wanted>
  Record record_of(Wanted wanted) const {
    Record record;
    for (const auto& node : tree_.nodes()) {
      if (!wanted(node.candidate->kind())) continue;
      if (node.standing == Standing::sound) ++record.successes;
      if (node.standing == Standing::sound || node.standing == Standing::broken) ++record.tries;
    }
    return record;
  }

  /// The best candidates of the two best branches, once it is late enough. Merges are spread over
  /// what is left of the budget, so that each can stand on the ones before.
  std::optional<NextCandidate> due_merge() const {
    if (!models_write() || ranked_.empty() || !merge_is_due()) return std::nullopt;
    const auto first = ranked_.front();
    for (const auto second : ranked_) {
      if (are_kin(first, second)) continue;
      return tree_.merge(first, second);
    }
    return std::nullopt;
  }

  /// The best candidate and the best of another branch, at the end of the search; without one the
  /// second best.
  std::optional<NextCandidate> due_ensemble() const {
    if (ranked_.size() < 2 || !tree_.node(ranked_[1]).scored) return std::nullopt;
    if (tree_.count(v1::CANDIDATE_KIND_ENSEMBLE) >= settings_.ensembles_max) return std::nullopt;
    const auto first = ranked_.front();
    auto second = ranked_[1];
    for (const auto at : ranked_) {
      if (tree_.node(at).branch == tree_.node(first).branch || !tree_.node(at).scored) continue;
      second = at;
      break;
    }
    if (!ensemble_is_due(first, second)) return std::nullopt;
    return tree_.ensemble(first, second);
  }

  /// Late, and before the time left is too short for it.
  bool ensemble_is_due(std::size_t first, std::size_t second) const {
    const auto left = candidates_max(state_) - static_cast<std::uint32_t>(tree_.nodes().size());
    if (spent_ >= settings_.ensemble_from || left <= 1) return true;
    const double runs =
        tree_.node(first).candidate->run_seconds() + tree_.node(second).candidate->run_seconds();
    return runs > 0 &&
           static_cast<double>(time_left(state_).count()) < settings_.ensemble_times_runs * runs;
  }

  static bool is_merge(const SolutionNode& node) {
    return node.candidate->kind() == v1::CANDIDATE_KIND_IMPROVE && node.second_parent != kNoNode;
  }

  bool merge_is_due() const {
    const auto merges = static_cast<std::uint32_t>(std::ranges::count_if(tree_.nodes(), is_merge));
    if (merges >= settings_.merges_max) return false;
    const double step = (1 - settings_.merges_from) / settings_.merges_max;
    return spent_ >= settings_.merges_from + merges * step;
  }

  /// Of one branch, or of two that have been merged already.
  bool are_kin(std::size_t first, std::size_t second) const {
    const auto left = tree_.node(first).branch;
    const auto right = tree_.node(second).branch;
    if (left == right) return true;
    return std::ranges::any_of(tree_.nodes(), [&](const SolutionNode& node) {
      if (!is_merge(node)) return false;
      const auto other = tree_.node(node.second_parent).branch;
      return (node.branch == left && other == right) || (node.branch == right && other == left);
    });
  }

  std::size_t pool_size() const {
    const double size =
        settings_.pool_first + spent_ * (settings_.pool_last - settings_.pool_first);
    return static_cast<std::size_t>(std::max(std::lround(size), 1L));
  }

  /// A sound candidate drawn by rank; one that others work on already is drawn less.
  std::size_t drawn_from_pool() {
    std::vector<std::size_t> pool;
    for (const auto at : ranked_) {
      if (pool.size() == pool_size()) break;
      if (!closed_[at] && !is_exhausted(at)) pool.push_back(at);
    }
    std::vector<double> weights;
    for (std::size_t place = 0; place < pool.size(); ++place) {
      const double open = tree_.open_children_of(pool[place]);
      const double rank = static_cast<double>(place + 1);
      weights.push_back(
          1 / (std::pow(rank, settings_.rank_power) * std::pow(1 + open, settings_.crowding)));
    }
    double drawn = chance_.draw() * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t place = 0; place < pool.size(); ++place) {
      drawn -= weights[place];
      if (drawn < 0 || place + 1 == pool.size()) return pool[place];
    }
    return kNoNode;
  }

  const v1::SearchState& state_;
  BalancedSettings settings_;
  SolutionTree tree_;
  Estimates estimates_;
  double spent_;
  Chance chance_;
  std::vector<bool> closed_;
  std::vector<std::size_t> ranked_;
};

}  // namespace

NextCandidate next_balanced(const v1::SearchState& state, const BalancedSettings& settings) {
  return BalancedChoice{state, settings}.next();
}

SearchPolicy balanced_policy(const BalancedSettings& settings) {
  return {.name = "balanced", .next = [settings](const v1::SearchState& state) {
            return next_balanced(state, settings);
          }};
}

}  // namespace podium::codegen
