#include "services/codegen/search_policy.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "services/codegen/commands.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;

/// Given events, when the search decides after each, then its last commands are looked at.
class Search {
 public:
  explicit Search(v1::JobOptions options = {}, const v1::SearchSettings& settings = {})
      : state_{initial_state(requested(options), settings)} {}

  Search& given(std::initializer_list<v1::Event> events) {
    for (const auto& event : events) {
      state_ = evolve(std::move(state_), event);
      settle();
    }
    return *this;
  }
  Search& after(std::chrono::seconds time) {
    const auto tick = tick_at(now_of(state_) + time);
    state_ = evolve(std::move(state_), tick);
    settle();
    return *this;
  }
  const Commands& then() const { return commands_; }
  const v1::SearchState& state() const { return state_; }

  template <typename T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& command : commands_) {
      if (const auto* one = std::get_if<T>(&command)) found.push_back(*one);
    }
    return found;
  }

 private:
  void settle() {
    commands_ = decide(state_);
    state_ = carry_out(std::move(state_), commands_, "");
    state_.clear_outbox();
  }
  v1::SearchState state_;
  Commands commands_;
};

v1::JobOptions limits(std::uint32_t candidates, std::uint32_t parallel) {
  v1::JobOptions options;
  options.set_candidates_max(candidates);
  options.set_parallel_candidates_max(parallel);
  return options;
}

v1::Event broken(const std::string& candidate) {
  return executed(candidate, v1::RUN_OUTCOME_CRASHED);
}

v1::Event scored(const std::string& candidate, double value) {
  return executed(candidate, v1::RUN_OUTCOME_OK, value);
}

TEST(SearchPolicy, NothingIsDraftedBeforeTheDataIsThere) {
  Search search;
  EXPECT_TRUE(search.after(1s).then().empty());
}

TEST(SearchPolicy, FirstDraftsStartInParallelAndDiffer) {
  Search search{limits(6, 3)};
  const auto drafts = search.given({scraped()}).all<DraftCandidate>();
  ASSERT_EQ(drafts.size(), 3U);
  EXPECT_EQ(drafts[0].variant, 0U);
  EXPECT_EQ(drafts[1].variant, 1U);
  EXPECT_EQ(drafts[2].variant, 2U);
}

TEST(SearchPolicy, ADraftedCandidateIsRun) {
  Search search{limits(6, 1)};
  const auto runs = search.given({scraped(), drafted("c1")}).all<RunCandidate>();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].candidate_id, "c1");
  EXPECT_EQ(runs[0].attempt, 1U);
}

TEST(SearchPolicy, AFailedDraftOfAModelIsTriedOnceMoreThenGivenUp) {
  Search search{limits(2, 1), model_settings()};
  search.given({scraped(), drafted("c1"), executed("c1", v1::RUN_OUTCOME_OK, 0.7)});
  const auto again = search.given({draft_failed("c2", 1)}).all<DraftCandidate>();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].attempt, 2U);
  EXPECT_EQ(search.given({draft_failed("c2", 2)}).all<EndJob>().size(), 1U);
}

TEST(SearchPolicy, ARunThatWasOutOfMemoryIsTriedOnceWithMore) {
  Search search{limits(1, 1)};
  search.given({scraped(), drafted("c1")});
  const auto again =
      search.given({executed("c1", v1::RUN_OUTCOME_OUT_OF_MEMORY)}).all<RunCandidate>();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].attempt, 2U);
  EXPECT_TRUE(find_candidate(search.state(), "c1")->more_memory());
  search.given({executed("c1", v1::RUN_OUTCOME_OUT_OF_MEMORY, std::nullopt, 2)});
  EXPECT_EQ(find_candidate(search.state(), "c1")->step(), v1::CANDIDATE_STEP_DONE);
}

TEST(SearchPolicy, TooLittleTimeForACandidateIsCalledSo) {
  v1::JobOptions options;
  options.set_time_seconds_max(5);
  Search search{options};
  const auto ends = search.given({scraped()}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_TIMEOUT);
  EXPECT_EQ(ends[0].reason_code, "BUDGET_SPENT");
}

TEST(SearchPolicy, AFailedDraftOfTheBuiltinGeneratorEndsWithItsReason) {
  Search search{limits(1, 1)};
  auto failed = draft_failed("c1", 1);
  failed.mutable_draft_failed()->set_message("add train.csv");
  const auto ends = search.given({scraped(), failed}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_FAILED);
  EXPECT_EQ(ends[0].reason_code, "DRAFT_FAILED");
  EXPECT_EQ(ends[0].message, "add train.csv");
}

TEST(SearchPolicy, ACrashIsDebuggedAfterTheFirstDrafts) {
  Search search{limits(6, 1)};
  search.given({scraped(), drafted("c1"), broken("c1"), drafted("c2"), scored("c2", 0.7),
                drafted("c3"), scored("c3", 0.6)});
  const auto drafts = search.all<DraftCandidate>();
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts[0].kind, v1::CANDIDATE_KIND_DEBUG);
  EXPECT_EQ(drafts[0].parent_id, "c1");
}

TEST(SearchPolicy, ThreeFailedDebugsGiveTheBranchUp) {
  Search search{limits(20, 1)};
  search.given({scraped(), drafted("c1"), broken("c1"), drafted("c2"), scored("c2", 0.7),
                drafted("c3"), scored("c3", 0.6)});
  for (const auto* id : {"c4", "c5", "c6"}) {
    ASSERT_EQ(search.all<DraftCandidate>().at(0).kind, v1::CANDIDATE_KIND_DEBUG);
    search.given({drafted(id), broken(id)});
  }
  const auto next = search.all<DraftCandidate>();
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].kind, v1::CANDIDATE_KIND_IMPROVE);
  EXPECT_NE(next[0].parent_id, "c1");
}

TEST(SearchPolicy, TheSettingsNameThePolicy) {
  auto state = evolve(initial_state(requested(limits(20, 16))), scraped());
  const auto drafts_of = [&state](const std::string& policy) {
    state.mutable_settings()->set_policy(policy);
    auto ahead = state;
    for (int number = 1; number <= 4; ++number) {
      auto& one = *ahead.add_candidates();
      one.set_id("c" + std::to_string(number));
      one.set_kind(v1::CANDIDATE_KIND_DRAFT);
      one.set_step(v1::CANDIDATE_STEP_DONE);
      one.set_accepted(true);
    }
    return std::get<DraftCandidate>(decide(ahead).front()).kind;
  };
  EXPECT_EQ(drafts_of("greedy"), v1::CANDIDATE_KIND_DRAFT);
  EXPECT_EQ(drafts_of("balanced"), v1::CANDIDATE_KIND_IMPROVE);
  EXPECT_EQ(drafts_of(""), v1::CANDIDATE_KIND_IMPROVE);
}

TEST(SearchPolicy, TheBestIsImprovedAndABetterChildTakesItsPlace) {
  Search search{limits(6, 1)};
  search.given({scraped(), drafted("c1"), scored("c1", 0.7), drafted("c2"), scored("c2", 0.8),
                drafted("c3"), scored("c3", 0.75)});
  EXPECT_EQ(search.all<DraftCandidate>().at(0).parent_id, "c2");
  search.given({drafted("c4"), scored("c4", 0.9)});
  EXPECT_EQ(search.all<DraftCandidate>().at(0).parent_id, "c4");
}

TEST(SearchPolicy, CandidatesSpentWithASubmissionIsSuccess) {
  Search search{limits(1, 1)};
  const auto ends = search.given({scraped(), drafted("c1"), scored("c1", 0.8)}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_SUCCESS);
  EXPECT_EQ(ends[0].reason_code, "BUDGET_SPENT");
  EXPECT_EQ(search.state().ended().best_candidate_id(), "c1");
}

TEST(SearchPolicy, CandidatesSpentWithoutASubmissionIsFailure) {
  Search search{limits(1, 1)};
  const auto ends = search.given({scraped(), drafted("c1"), broken("c1")}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_FAILED);
  EXPECT_EQ(ends[0].reason_code, "NO_VALID_SUBMISSION");
}

TEST(SearchPolicy, FailureWithoutASubmissionTellsWhyTheLastOneWasRefused) {
  Search search{limits(2, 1)};
  auto narrow = broken("c1");
  narrow.mutable_executed()->mutable_verdict()->set_message("missing column(s) Survived");
  auto empty = broken("c2");
  empty.mutable_executed()->mutable_verdict()->set_message("0 rows, expected 418");
  const auto ends =
      search.given({scraped(), drafted("c1"), narrow, drafted("c2"), empty}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].message,
            "None of 2 candidates left a submission that passed the checks. The last failure: 0 "
            "rows, expected 418");
}

TEST(SearchPolicy, TimeUpWithASubmissionIsSuccess) {
  Search search{limits(6, 2)};
  search.given({scraped(), drafted("c1"), scored("c1", 0.8)});
  const auto ends = search.after(kJobTimeDefault).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_SUCCESS);
}

TEST(SearchPolicy, TimeUpWithoutASubmissionIsTimeout) {
  Search search{limits(6, 2)};
  auto started = executed("c1", v1::RUN_OUTCOME_OK);
  const auto run_id = started.executed().run_id();
  started.mutable_started()->set_candidate_id("c1");
  started.mutable_started()->set_run_id(run_id);
  const auto ends =
      search.given({scraped(), drafted("c1"), started}).after(kJobTimeDefault).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_TIMEOUT);
  EXPECT_EQ(ends[0].reason_code, "BUDGET_SPENT");
}

TEST(SearchPolicy, ARunThatFailedBeforeItTookTimeHadItsExecutor) {
  Search search{limits(6, 1)};
  const auto ends =
      search.given({scraped(), drafted("c1"), executed("c1", v1::RUN_OUTCOME_CRASHED)})
          .after(kJobTimeDefault)
          .all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_NE(ends[0].reason_code, "EXECUTORS_BUSY");
}

TEST(SearchPolicy, TimeUpBeforeAnythingRanIsTheExecutorsFault) {
  Search search{limits(6, 2)};
  const auto ends = search.given({scraped(), drafted("c1")}).after(kJobTimeDefault).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_TIMEOUT);
  EXPECT_EQ(ends[0].reason_code, "EXECUTORS_BUSY");
}

TEST(SearchPolicy, CancelKeepsTheBestSubmission) {
  Search search{limits(6, 1)};
  search.given({scraped(), drafted("c1"), scored("c1", 0.8), cancel_requested()});
  EXPECT_EQ(search.state().ended().status(), v1::JOB_STATUS_CANCELLED);
  EXPECT_TRUE(search.state().ended().has_submission());
}

TEST(SearchPolicy, AFailedScrapeEndsTheJobWithItsReason) {
  auto failed = event_for();
  failed.mutable_scrape_failed()->set_reason_code("KAGGLE_AUTH");
  Search search;
  const auto ends = search.given({failed}).all<EndJob>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].status, v1::JOB_STATUS_FAILED);
  EXPECT_EQ(ends[0].reason_code, "KAGGLE_AUTH");
}

TEST(SearchPolicy, ADeadLetterEndsTheJobWithItsReason) {
  auto failed = event_for();
  failed.mutable_stage_failed()->set_reason_code("STAGE_GAVE_UP");
  Search search;
  EXPECT_EQ(search.given({scraped(), failed}).all<EndJob>().at(0).reason_code, "STAGE_GAVE_UP");
}

TEST(SearchPolicy, ALostRunIsRepeatedAsTheNextAttempt) {
  Search search{limits(1, 1)};
  const auto runs = search.given({scraped(), drafted("c1"), executed("c1", v1::RUN_OUTCOME_LOST)})
                        .all<RunCandidate>();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].attempt, 2U);
}

TEST(SearchPolicy, AnUnansweredDraftIsAskedForAgainWithGrowingPatience) {
  Search search{limits(1, 1)};
  search.given({scraped()});
  EXPECT_TRUE(search.after(kDraftAskAgain - 1s).then().empty());
  EXPECT_EQ(search.after(1s).all<DraftCandidate>().size(), 1U);
  EXPECT_TRUE(search.after(kDraftAskAgain).then().empty());
  EXPECT_EQ(search.after(kDraftAskAgain).all<DraftCandidate>().size(), 1U);
}

TEST(SearchPolicy, AnUnansweredRunIsAskedForAgainAsTheSameRun) {
  v1::JobOptions options = limits(1, 1);
  options.set_time_seconds_max(7200);
  Search search{options};
  search.given({scraped(), drafted("c1")});
  const auto runs = search.after(kRunTimeMax + kRunAskAgain).all<RunCandidate>();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].attempt, 1U);
}

TEST(SearchPolicy, NoCandidateStartsWhenTooLittleTimeIsLeft) {
  v1::JobOptions options = limits(6, 1);
  options.set_time_seconds_max(60);
  Search search{options};
  search.given({scraped(), drafted("c1")}).after(50s).given({scored("c1", 0.5)});
  EXPECT_EQ(search.all<EndJob>().size(), 1U);
  EXPECT_EQ(search.state().candidates_size(), 1);
}

TEST(SearchPolicy, TheCandidatesBudgetHoldsHoweverManyRunInParallel) {
  Search search{limits(4, 16)};
  EXPECT_EQ(search.given({scraped()}).all<DraftCandidate>().size(), 4U);
}

TEST(SearchPolicy, ARunNeverGetsMoreThanTheTimeLeft) {
  v1::JobOptions options;
  options.set_time_seconds_max(100);
  const auto state = initial_state(requested(options));
  EXPECT_EQ(run_seconds_max(state), 95U);
}

}  // namespace
}  // namespace podium::codegen
