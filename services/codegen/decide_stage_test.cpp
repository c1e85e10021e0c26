#include "services/codegen/decide_stage.hpp"

#include <gtest/gtest.h>

#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;

/// A sink that fails on demand.
class FlakySink final : public RecordingSink {
 public:
  Result<void> publish(const v1::Event& event) override {
    if (failures > 0) {
      --failures;
      return fail(errors::kUnavailable, "the broker is away");
    }
    return RecordingSink::publish(event);
  }
  int failures = 0;
};

class DecideStageTest : public ::testing::Test {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& event : sink_.published) found.push_back(event_name(event));
    return found;
  }

  ManualClock clock_;
  MemorySearchStore store_;
  FlakySink sink_;
  DecideStage stage_{store_, sink_, clock_};
};

v1::JobOptions one_candidate() {
  v1::JobOptions options;
  options.set_candidates_max(1);
  return options;
}

TEST_F(DecideStageTest, AJobGoesFromRequestToEnd) {
  for (const auto& event : {requested(one_candidate()), scraped(), drafted("c1"),
                            executed("c1", v1::RUN_OUTCOME_OK, 0.8)}) {
    ASSERT_TRUE(stage_.take(event, ""));
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"draft_requested", "run_ticket", "ended"}));
  EXPECT_EQ(sink_.removed_tickets, (std::vector<std::uint64_t>{7}));
}

TEST_F(DecideStageTest, WhatOtherTenantsHaveOpenMovesATicketAhead) {
  v1::SearchState crowd;
  crowd.set_job_id("another");
  crowd.set_tenant("another tenant");
  for (int i = 0; i < 8; ++i) crowd.add_candidates()->set_step(v1::CANDIDATE_STEP_RUNNING);
  stage_.observe(crowd);
  for (const auto& event : {requested(one_candidate()), scraped(), drafted("c1")}) {
    ASSERT_TRUE(stage_.take(event, ""));
    stage_.observe(store_.state());
  }
  EXPECT_EQ(sink_.published.back().run_ticket().band(), 0U);
}

TEST_F(DecideStageTest, AnEventBeforeItsRequestedIsHandedBack) {
  const auto taken = stage_.take(scraped(), "");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code->disposition, Disposition::retry);
}

TEST_F(DecideStageTest, ARedeliveryAfterAFailedPublishPublishesTheSameDecision) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  sink_.failures = 1;
  EXPECT_FALSE(stage_.take(scraped(), ""));
  const auto promised = store_.state().outbox(0).publish();
  ASSERT_TRUE(stage_.take(scraped(), ""));
  ASSERT_EQ(sink_.published.size(), 1U);
  EXPECT_EQ(sink_.published[0].SerializeAsString(), promised.SerializeAsString());
}

TEST_F(DecideStageTest, AnotherReplicaPublishesWhatACrashedOneLeft) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  sink_.failures = 1;
  EXPECT_FALSE(stage_.take(scraped(), ""));
  DecideStage other{store_, sink_, clock_};
  ASSERT_TRUE(other.tick(kJob));
  EXPECT_EQ(names(), (std::vector<std::string>{"draft_requested"}));
}

TEST_F(DecideStageTest, ARepeatedEventWritesNothingNew) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  ASSERT_TRUE(stage_.take(scraped(), ""));
  ASSERT_TRUE(stage_.tick(kJob));  // clears the published outbox
  const auto writes = store_.writes();
  ASSERT_TRUE(stage_.take(scraped(), ""));
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  EXPECT_EQ(store_.writes(), writes);
  EXPECT_EQ(sink_.published.size(), 1U);
}

TEST_F(DecideStageTest, AReplicaDoesNotPublishAgainWhatItPublished) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  ASSERT_TRUE(stage_.take(scraped(), ""));
  ASSERT_TRUE(stage_.take(drafted("c1"), ""));
  EXPECT_EQ(names(), (std::vector<std::string>{"draft_requested", "run_ticket"}));
}

TEST_F(DecideStageTest, ATickAtTheDeadlineEndsTheJob) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  clock_.advance(kJobTimeDefault);
  ASSERT_TRUE(stage_.tick(kJob));
  ASSERT_EQ(names(), (std::vector<std::string>{"ended"}));
  EXPECT_EQ(sink_.published[0].ended().status(), v1::JOB_STATUS_TIMEOUT);
}

TEST_F(DecideStageTest, ALateEventOfAnEndedJobIsTakenAndChangesNothing) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  ASSERT_TRUE(stage_.take(cancel_requested(), ""));
  const auto record = store_.state().SerializeAsString();
  ASSERT_TRUE(stage_.take(scraped(), ""));
  EXPECT_EQ(store_.state().SerializeAsString(), record);
  EXPECT_EQ(names(), (std::vector<std::string>{"ended"}));
}

TEST_F(DecideStageTest, AnEndedSearchIsShrunk) {
  ASSERT_TRUE(stage_.take(requested(one_candidate()), ""));
  ASSERT_TRUE(stage_.take(scraped(), ""));
  ASSERT_TRUE(stage_.take(cancel_requested(), ""));
  EXPECT_EQ(store_.state().candidates_size(), 0);
  EXPECT_EQ(store_.state().outbox_size(), 0);
  EXPECT_EQ(store_.state().ended().status(), v1::JOB_STATUS_CANCELLED);
}

TEST_F(DecideStageTest, TheTraceOfTheHandlingRidesInWhatItDecides) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_TRUE(stage_.take(requested(one_candidate()), trace));
  ASSERT_TRUE(stage_.take(scraped(), trace));
  EXPECT_EQ(sink_.published.at(0).trace().traceparent(), trace);
}

TEST_F(DecideStageTest, AnUnknownJobsTickIsNothing) {
  EXPECT_TRUE(stage_.tick("no-such-job"));
}

/// Remembers one winner, or nothing while it is away.
class StubEarlierJobs final : public EarlierJobsReader {
 public:
  Result<v1::EarlierJobs> recall(std::string_view tenant, const v1::Scraped&,
                                 std::chrono::seconds winner_time_max) override {
    ++asked;
    time_max = winner_time_max;
    if (away) return fail(errors::kUnavailable, "the database is away");
    v1::EarlierJobs found;
    found.mutable_winner()->set_job_id("a job of " + std::string{tenant});
    found.mutable_winner()->mutable_code()->set_key("earlier/c3/solution.py");
    return found;
  }
  bool away = false;
  int asked = 0;
  std::chrono::seconds time_max{0};
};

TEST_F(DecideStageTest, TheWinnerOfAnEarlierJobIsTheFirstCandidate) {
  StubEarlierJobs earlier;
  DecideStage stage{store_, sink_, clock_, {}, &earlier};
  ASSERT_TRUE(stage.take(requested(), ""));
  EXPECT_EQ(earlier.asked, 0) << "the data is not known yet";
  ASSERT_TRUE(stage.take(scraped(), ""));
  ASSERT_TRUE(stage.take(drafted("c1"), ""));
  ASSERT_TRUE(stage.take(scraped(), ""));
  EXPECT_EQ(earlier.asked, 1);
  EXPECT_EQ(earlier.time_max, kJobTimeDefault / 4);
  ASSERT_GE(sink_.published.size(), 2U);
  const auto& first = sink_.published[0].draft_requested();
  EXPECT_EQ(first.generator(), v1::GENERATOR_EARLIER);
  EXPECT_EQ(first.earlier_winner().job_id(), "a job of default");
  EXPECT_EQ(first.earlier_winner().code().key(), "earlier/c3/solution.py");
  EXPECT_EQ(sink_.published[1].draft_requested().generator(), v1::GENERATOR_BUILTIN);
  EXPECT_EQ(sink_.published[1].draft_requested().variant(), 0U);
}

TEST_F(DecideStageTest, AWinnerThatIsGoneIsReplacedByTheBuiltinGenerator) {
  StubEarlierJobs earlier;
  DecideStage stage{store_, sink_, clock_, {}, &earlier};
  for (const auto& event : {requested(one_candidate()), scraped(), draft_failed("c1", 1)}) {
    ASSERT_TRUE(stage.take(event, ""));
  }
  ASSERT_EQ(names(), (std::vector<std::string>{"draft_requested", "draft_requested"}));
  EXPECT_EQ(sink_.published[1].draft_requested().candidate_id(), "c1");
  EXPECT_EQ(sink_.published[1].draft_requested().attempt(), 2U);
  EXPECT_EQ(sink_.published[1].draft_requested().generator(), v1::GENERATOR_BUILTIN);
}

TEST_F(DecideStageTest, ASearchBeginsAlthoughEarlierJobsCannotBeLookedUp) {
  StubEarlierJobs earlier;
  earlier.away = true;
  DecideStage stage{store_, sink_, clock_, {}, &earlier};
  ASSERT_TRUE(stage.take(requested(one_candidate()), ""));
  ASSERT_TRUE(stage.take(scraped(), ""));
  ASSERT_EQ(names(), (std::vector<std::string>{"draft_requested"}));
  EXPECT_EQ(sink_.published[0].draft_requested().generator(), v1::GENERATOR_BUILTIN);
}

}  // namespace
}  // namespace podium::codegen
