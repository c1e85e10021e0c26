#include "services/codegen/draft_stage.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "services/codegen/calls/call_errors.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

class StubGenerator final : public CandidateGenerator {
 public:
  Result<DraftAnswer> draft(const DraftOrder& order) override {
    ++calls;
    slug = order.facts.slug();
    deadline = order.deadline;
    if (broken) return fail(errors::kUnavailable, "the world");
    DraftAnswer answer{.draft = CandidateDraft{.code = "print(1)\n",
                                               .plan = "# Plan",
                                               .plan_line = "print",
                                               .requirements = "pandas\n",
                                               .needs = {}},
                       .tokens = 120,
                       .cost_micro_usd = 7};
    answer.use.set_calls(2);
    if (refusal != nullptr) answer.draft = fail(*refusal, "cannot");
    return answer;
  }
  const ErrorCode* refusal = nullptr;
  bool broken = false;
  TimePoint deadline;
  int calls = 0;
  std::string slug;
};

class StubDraftLog final : public DraftLog {
 public:
  Result<bool> drafted(std::string_view, std::string_view) override { return done; }
  Result<bool> ended(std::string_view) override { return false; }
  bool done = false;
};

class StubContext final : public StageContext {
 public:
  Result<void> emit(const v1::Event&, bool) override { return {}; }
  std::stop_token stop() const override { return {}; }
  std::string traceparent() const override { return {}; }
  std::uint64_t sequence() const override { return 1; }
  std::uint64_t deliveries() const override { return 1; }
};

class DraftStageTest : public ::testing::Test {
 protected:
  DraftStageTest() {
    folder_ = std::filesystem::temp_directory_path() / ("podium-draft-" + std::to_string(getpid()));
    store_ = std::move(*open_directory_store(folder_));
    event_ = event_for();
    event_.set_subject_id("c1");
    event_.mutable_draft_requested()->set_candidate_id("c1");
    event_.mutable_draft_requested()->set_attempt(2);
    *event_.mutable_draft_requested()->mutable_facts() =
        *store_->put_content(R"({"slug":"titanic","aFieldOfLater":1})");
  }
  ~DraftStageTest() override { std::filesystem::remove_all(folder_); }

  Result<Events> handle() {
    DraftStage stage{{.builtin = generator_, .model = model_, .earlier = earlier_}, *store_, log_};
    StubContext context;
    return stage.handle(event_, context);
  }

  std::filesystem::path folder_;
  std::unique_ptr<ArtifactStore> store_;
  StubGenerator generator_;
  StubGenerator model_;
  StubGenerator earlier_;
  StubDraftLog log_;
  v1::Event event_;
};

TEST_F(DraftStageTest, ADraftIsStoredUnderPlainNamesAndTold) {
  const auto events = handle();
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1U);
  const auto& drafted = events->at(0).drafted();
  EXPECT_EQ(drafted.code().key(), kJob + "/c1/solution.py");
  EXPECT_EQ(*store_->get(drafted.code().key(), 100), "print(1)\n");
  EXPECT_EQ(*store_->get(drafted.plan().key(), 100), "# Plan");
  EXPECT_EQ(drafted.attempt(), 2U);
  EXPECT_EQ(generator_.slug, "titanic");
}

TEST_F(DraftStageTest, ACandidateThatIsDraftedIsNotDraftedAgain) {
  log_.done = true;
  const auto events = handle();
  ASSERT_TRUE(events);
  EXPECT_TRUE(events->empty());
  EXPECT_EQ(generator_.calls, 0);
}

TEST_F(DraftStageTest, ARefusalIsAnEventWithItsReason) {
  generator_.refusal = &errors::kInvalid;
  const auto events = handle();
  ASSERT_TRUE(events);
  EXPECT_EQ(events->at(0).draft_failed().reason_code(), "INVALID");
  EXPECT_EQ(events->at(0).draft_failed().attempt(), 2U);
}

TEST_F(DraftStageTest, WhatAModelCostIsToldOfADraftAndOfARefusal) {
  event_.mutable_draft_requested()->set_generator(v1::GENERATOR_MODEL);
  const auto drafted = handle();
  ASSERT_TRUE(drafted);
  EXPECT_EQ(generator_.calls, 0);
  EXPECT_EQ(drafted->at(0).drafted().tokens(), 120U);
  EXPECT_EQ(drafted->at(0).drafted().model_use().calls(), 2U);
  model_.refusal = &errors::kInvalid;
  const auto refused = handle();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->at(0).draft_failed().cost_micro_usd(), 7);
}

TEST_F(DraftStageTest, TheWinnerOfAnEarlierJobIsTakenByItsOwnGenerator) {
  event_.mutable_draft_requested()->set_generator(v1::GENERATOR_EARLIER);
  ASSERT_TRUE(handle());
  EXPECT_EQ(earlier_.calls, 1);
  EXPECT_EQ(generator_.calls + model_.calls, 0);
}

TEST_F(DraftStageTest, TheDeadlineIsTheJobsNotTheHandlings) {
  event_.mutable_draft_requested()->mutable_budget_left()->set_seconds(90);
  ASSERT_TRUE(handle());
  EXPECT_EQ(generator_.deadline, kStart + std::chrono::seconds{90});
}

TEST_F(DraftStageTest, ADraftThatNobodyWaitsForIsNotTold) {
  generator_.refusal = &call_errors::kNotWanted;
  const auto events = handle();
  ASSERT_TRUE(events);
  EXPECT_TRUE(events->empty());
}

TEST_F(DraftStageTest, ABrokenWorldIsAnErrorToRetry) {
  generator_.broken = true;
  const auto events = handle();
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code->disposition, Disposition::retry);
}

}  // namespace
}  // namespace podium::codegen
