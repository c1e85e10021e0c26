// What holds for every policy, in random searches: it always has an answer that fits, the same
// state gives the same choice, budgets hold, and parallel workers spread.
#include <gtest/gtest.h>

#include <format>
#include <random>
#include <set>

#include "services/codegen/commands.hpp"
#include "services/codegen/policies/policy_testing.hpp"
#include "services/codegen/search_policy.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

constexpr unsigned kSearches = 15;
constexpr int kStepsMax = 3'000;

/// A search whose candidates end one by one, in any order and with any outcome.
class RandomSearch {
 public:
  RandomSearch(const SearchPolicy& policy, unsigned seed) : policy_{policy}, random_{seed} {
    v1::JobOptions options;
    options.set_candidates_max(below(40) + 1);
    options.set_parallel_candidates_max(below(16) + 1);
    options.set_time_seconds_max(100'000);
    fails_ = below(101);
    state_ = initial_state(requested(options, std::format("job-{}", seed)));
    state_.mutable_settings()->set_models(below(2) == 0);
    state_ = evolve(std::move(state_), scraped());
    settle();
  }

  /// One open candidate is drafted or has run. False when the job has ended.
  bool step() {
    if (has_ended(state_) || ++steps_ > kStepsMax) return false;
    std::vector<const v1::CandidateState*> open;
    for (const auto& one : state_.candidates()) {
      if (one.step() == v1::CANDIDATE_STEP_DRAFTING || one.step() == v1::CANDIDATE_STEP_RUNNING) {
        open.push_back(&one);
      }
    }
    EXPECT_FALSE(open.empty()) << "nothing is open and the job goes on";
    if (open.empty()) return false;
    const auto& one = *open.at(below(static_cast<std::uint32_t>(open.size())));
    const auto event = answer_to(one);
    state_ = evolve(std::move(state_), event);
    settle();
    return true;
  }

  const v1::SearchState& state() const { return state_; }

 private:
  std::uint32_t below(std::uint32_t bound) {
    return std::uniform_int_distribution<std::uint32_t>{0, bound - 1}(random_);
  }

  v1::Event answer_to(const v1::CandidateState& one) {
    if (one.step() == v1::CANDIDATE_STEP_DRAFTING) {
      return below(20) == 0 ? draft_failed(one.id(), one.draft_attempt()) : drafted(one.id());
    }
    const bool fails = below(100) < fails_;
    auto event = executed(one.id(), fails ? v1::RUN_OUTCOME_CRASHED : v1::RUN_OUTCOME_OK,
                          below(100) / 100.0, one.run_attempt());
    event.mutable_executed()->set_run_id(run_id_of(state_, one));
    if (below(10) == 0) event.mutable_executed()->clear_score();
    return event;
  }

  void settle() {
    const auto commands = decide(state_, policy_);
    const auto again = decide(state_, policy_);
    EXPECT_EQ(commands.size(), again.size());
    state_ = carry_out(std::move(state_), commands, "");
    state_.clear_outbox();
  }

  const SearchPolicy& policy_;
  std::mt19937 random_;
  std::uint32_t fails_ = 0;
  int steps_ = 0;
  v1::SearchState state_;
};

class EveryPolicy : public ::testing::TestWithParam<std::string> {
 protected:
  const SearchPolicy& policy() const { return policy_named(GetParam()); }
};

TEST_P(EveryPolicy, EndsWithEveryCandidateSpentAndNoneTooMany) {
  for (unsigned seed = 0; seed < kSearches; ++seed) {
    SCOPED_TRACE(seed);
    RandomSearch search{policy(), seed};
    while (search.step()) {
      ASSERT_LE(open_candidates(search.state()), parallel_max(search.state()));
    }
    ASSERT_TRUE(has_ended(search.state()));
    EXPECT_EQ(static_cast<std::uint32_t>(search.state().candidates_size()),
              candidates_max(search.state()));
  }
}

TEST_P(EveryPolicy, ChoosesParentsThatCanBearTheCandidate) {
  for (unsigned seed = 0; seed < kSearches; ++seed) {
    RandomSearch search{policy(), seed};
    while (search.step()) {
      const auto next = policy().next(search.state());
      const auto* parent = find_candidate(search.state(), next.parent_id);
      if (next.kind == v1::CANDIDATE_KIND_DRAFT) {
        ASSERT_EQ(parent, nullptr);
        continue;
      }
      ASSERT_NE(parent, nullptr);
      ASSERT_EQ(parent->step(), v1::CANDIDATE_STEP_DONE);
      ASSERT_EQ(parent->accepted(), next.kind != v1::CANDIDATE_KIND_DEBUG);
      if (next.kind == v1::CANDIDATE_KIND_DEBUG) ASSERT_LT(parent->debug_depth(), 3U);
    }
  }
}

TEST_P(EveryPolicy, TheSameStateGivesTheSameChoice) {
  for (unsigned seed = 0; seed < kSearches; ++seed) {
    RandomSearch search{policy(), seed};
    while (search.step()) {
      v1::SearchState copy;
      ASSERT_TRUE(copy.ParseFromString(search.state().SerializeAsString()));
      const auto left = policy().next(search.state());
      const auto right = policy().next(copy);
      ASSERT_EQ(left.kind, right.kind);
      ASSERT_EQ(left.parent_id, right.parent_id);
      ASSERT_EQ(left.second_parent_id, right.second_parent_id);
      ASSERT_EQ(left.variant, right.variant);
    }
  }
}

TEST_P(EveryPolicy, NeverWritesTheSameCandidateTwice) {
  for (unsigned seed = 0; seed < kSearches; ++seed) {
    RandomSearch search{policy(), seed};
    while (search.step()) {
    }
    std::set<std::string> seen;
    for (const auto& one : search.state().candidates()) {
      const auto recipe = std::format("{} {}", static_cast<int>(one.kind()), one.variant());
      EXPECT_TRUE(seen.insert(recipe).second) << one.id() << " repeats " << recipe;
    }
  }
}

TEST_P(EveryPolicy, NoBrokenCandidateIsMendedByTwoWorkers) {
  for (unsigned seed = 0; seed < kSearches; ++seed) {
    RandomSearch search{policy(), seed};
    while (search.step()) {
    }
    std::set<std::string> mended;
    for (const auto& one : search.state().candidates()) {
      if (one.kind() != v1::CANDIDATE_KIND_DEBUG) continue;
      EXPECT_TRUE(mended.insert(one.parent_id()).second) << one.parent_id();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicy, ::testing::Values("balanced", "greedy", "tree"),
                         [](const auto& named) { return named.param; });

TEST(SearchPolicies, SpreadSixteenWorkersOverSeveralParents) {
  for (const auto* name : {"balanced", "tree"}) {
    SCOPED_TRACE(name);
    Told told{100};
    for (const double value : {0.5, 0.7, 0.6, 0.65, 0.55, 0.4, 0.45, 0.58}) told.sound(value);
    std::set<std::string> parents;
    for (int worker = 0; worker < 16; ++worker) {
      const auto next = policy_named(name).next(told.state());
      parents.insert(next.parent_id);
      told.open(next.parent_id);
    }
    EXPECT_GE(parents.size(), 3U);
  }
}

TEST(SearchPolicies, AnAnswerThatDoesNotFitBecomesADraft) {
  Told told;
  told.sound(0.5).open();
  for (const auto& answer : {NextCandidate{.kind = v1::CANDIDATE_KIND_IMPROVE, .parent_id = "c2"},
                             NextCandidate{.kind = v1::CANDIDATE_KIND_IMPROVE, .parent_id = "c9"},
                             NextCandidate{.kind = v1::CANDIDATE_KIND_DEBUG, .parent_id = "c1"},
                             NextCandidate{.kind = v1::CANDIDATE_KIND_ENSEMBLE}}) {
    const SearchPolicy wrong{.name = "wrong", .next = [&](const auto&) { return answer; }};
    for (const auto& command : decide(told.state(), wrong)) {
      const auto* draft = std::get_if<DraftCandidate>(&command);
      if (draft != nullptr) EXPECT_EQ(draft->kind, v1::CANDIDATE_KIND_DRAFT);
    }
  }
}

}  // namespace
}  // namespace podium::codegen
