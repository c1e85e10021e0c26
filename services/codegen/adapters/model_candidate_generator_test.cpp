#include "services/codegen/adapters/model_candidate_generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/calls/testing/memory_claims.hpp"
#include "services/codegen/generator/generator_testing.hpp"
#include "services/codegen/models/testing/fake_models.hpp"
#include "services/codegen/prompts/prompts_testing.hpp"
#include "services/codegen/search_testing.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using models::ModelReply;
using models::testing::ScriptedProvider;
using ::testing::HasSubstr;

constexpr std::string_view kProgram =
    "import os\n\nimport pandas as pd\n\n"
    "test = pd.read_csv(os.environ[\"PODIUM_INPUT\"] + \"/test.csv\")\n"
    "test.to_csv(\"submission.csv\", index=False)\n"
    "print('{\"metric\": \"rmse\", \"value\": 1.0}')\n";
constexpr std::string_view kPrices = R"({"prices": [{"model": "m", "input": 1, "output": 10}]})";

ModelReply reply_of(std::string text, models::StopReason stop = models::StopReason::finished) {
  ModelReply reply;
  reply.text = std::move(text);
  reply.stop_reason = stop;
  reply.provider = "scripted";
  reply.model = "m";
  reply.usage = {.input_tokens = 100, .output_tokens = 20};
  return reply;
}

std::string whole(std::string_view program = kProgram) {
  return "A linear model.\n\n```python\n" + std::string{program} + "```\n";
}

class ModelCandidateGeneratorTest : public ::testing::Test {
 protected:
  Result<DraftAnswer> draft(std::deque<Result<ModelReply>> replies,
                            const v1::DraftRequested& request) {
    auto provider = std::make_unique<ScriptedProvider>("scripted", std::move(replies));
    provider_ = provider.get();
    std::vector<models::RosterEntry> entries;
    entries.push_back({.provider = std::move(provider), .model = "m", .cheap_model = "m"});
    roster_ = std::make_unique<models::ModelRoster>(
        std::move(entries), models::PriceList::parse(kPrices).value(), steady_clock_);
    ModelCaller caller{*roster_, journal_, claims_, steady_clock_};
    ModelCandidateGenerator generator{{.prompts = prompts_,
                                       .templates = templates_,
                                       .caller = caller,
                                       .journal = journal_,
                                       .artifacts = *store_,
                                       .clock = clock_,
                                       .steady_clock = steady_clock_,
                                       .output_tokens_max = 8'000}};
    return generator.draft({.job_id = kJob,
                            .request = request,
                            .facts = facts_,
                            .deadline = clock_.now() + std::chrono::hours{1}});
  }
  std::string artifact(const std::string& name) {
    return store_->get(kJob + "/c4/" + name, 1 << 20).value_or("");
  }

  ::podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_ = std::move(*open_directory_store(folder_.path()));
  CallJournal journal_{*store_};
  MemoryClaims claims_;
  ManualClock clock_;
  models::SystemModelClock steady_clock_;
  PromptLibrary prompts_ = shipped_prompts();
  TemplateLibrary templates_ = TemplateLibrary::load(std::string{PODIUM_SOURCE_DIR} +
                                                     "/services/codegen/generator/templates")
                                   .value();
  v1::CompetitionFacts facts_ = towns_facts();
  ScriptedProvider* provider_ = nullptr;
  std::unique_ptr<models::ModelRoster> roster_;
};

TEST_F(ModelCandidateGeneratorTest, AGoodReplyIsADraftWithItsCostAndItsExchange) {
  const auto answer = draft({reply_of(whole())}, draft_request());
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_TRUE(answer->draft) << answer->draft.error().text();
  EXPECT_EQ(answer->draft->code, kProgram);
  EXPECT_EQ(answer->draft->plan_line, "A linear model.");
  EXPECT_EQ(answer->tokens, 120U);
  EXPECT_EQ(answer->cost_micro_usd, 300);
  EXPECT_EQ(answer->use.model(), "m");
  EXPECT_THAT(artifact("prompt.md"), HasSubstr("Predict the rent."));
  EXPECT_THAT(artifact("reply.md"), HasSubstr("A linear model."));
}

TEST_F(ModelCandidateGeneratorTest, AReplyWithoutCodeIsMendedOnce) {
  const auto answer = draft({reply_of("I would use trees."), reply_of(whole())}, draft_request());
  ASSERT_TRUE(answer && answer->draft);
  EXPECT_EQ(answer->use.calls(), 2U);
  EXPECT_EQ(answer->tokens, 240U);
  EXPECT_THAT(artifact("prompt.md"), HasSubstr("I would use trees."));
}

TEST_F(ModelCandidateGeneratorTest, TwoBadRepliesAreARefusalThatWasPaid) {
  const auto answer =
      draft({reply_of("No."), reply_of("Still no."), reply_of(whole())}, draft_request());
  ASSERT_TRUE(answer);
  ASSERT_FALSE(answer->draft);
  EXPECT_THAT(answer->draft.error().code->name, HasSubstr("REPLY_"));
  EXPECT_EQ(answer->tokens, 240U);
  EXPECT_EQ(provider_->models.size(), 2U) << "one repair at most";
}

TEST_F(ModelCandidateGeneratorTest, ARefusalIsNotArguedWith) {
  const auto answer =
      draft({reply_of("", models::StopReason::refused), reply_of(whole())}, draft_request());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->draft.error().code->name, "REPLY_REFUSED");
  EXPECT_EQ(provider_->models.size(), 1U);
}

TEST_F(ModelCandidateGeneratorTest, ChangesAreMadeToTheParentsProgram) {
  auto request = draft_request(v1::CANDIDATE_KIND_IMPROVE);
  request.set_parent_id("c1");
  *request.mutable_parent_code() = store_->put_named(kJob, "c1", "solution.py", kProgram).value();
  const auto answer = draft(
      {reply_of("Fill.\n\n<<<<<<< SEARCH\ntest.to_csv(\"submission.csv\", index=False)\n=======\n"
                "test.fillna(0).to_csv(\"submission.csv\", index=False)\n>>>>>>> REPLACE\n")},
      request);
  ASSERT_TRUE(answer && answer->draft) << answer->draft.error().text();
  EXPECT_THAT(answer->draft->code, HasSubstr("fillna(0)"));
}

TEST_F(ModelCandidateGeneratorTest, InsideTheScaffoldOnlyAFunctionIsAskedFor) {
  facts_ = binary_facts();
  auto request = draft_request();
  request.set_scaffold(true);
  const auto answer =
      draft({reply_of("Shares of the classes.\n\n```python\nimport numpy as np\n\n\n"
                      "def fit_predict(train_x, train_y, test_x):\n"
                      "    return np.full(len(test_x), np.mean(train_y))\n```\n")},
            request);
  ASSERT_TRUE(answer && answer->draft) << answer->draft.error().text();
  EXPECT_THAT(answer->draft->code, HasSubstr("np.mean(train_y)"));
  EXPECT_THAT(answer->draft->code, HasSubstr("submission.csv"));
  EXPECT_THAT(artifact("prompt.md"), HasSubstr("fit_predict"));
}

TEST_F(ModelCandidateGeneratorTest, ARepeatOfTheSameAttemptAsksNobody) {
  ASSERT_TRUE(draft({reply_of("No."), reply_of(whole())}, draft_request())->draft);
  const auto again = draft({}, draft_request());
  ASSERT_TRUE(again && again->draft);
  EXPECT_EQ(again->draft->code, kProgram);
  EXPECT_EQ(again->tokens, 240U) << "the event is the same as before the crash";
  EXPECT_TRUE(provider_->models.empty());
}

TEST_F(ModelCandidateGeneratorTest, AProviderThatDoesNotAnswerIsTheSearchsAffair) {
  const auto answer = draft({fail(models::model_errors::kNoMoney, "402")}, draft_request());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->draft.error().code->name, "MODEL_NO_MONEY");
  EXPECT_TRUE(answer->models_off);
}

TEST_F(ModelCandidateGeneratorTest, TheRepairCallCountsAgainstTheCap) {
  auto request = draft_request();
  request.mutable_budget_left()->set_tokens(8'000);
  auto costly = reply_of("No.");
  costly.usage = {.input_tokens = 4'000, .output_tokens = 3'900};
  const auto answer = draft({costly, reply_of(whole())}, request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->draft.error().code->name, "BUDGET_TOKENS");
  EXPECT_EQ(provider_->models.size(), 1U);
}

}  // namespace
}  // namespace podium::codegen
