#include "services/codegen/calls/model_caller.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "services/codegen/calls/call_errors.hpp"
#include "services/codegen/calls/call_limits.hpp"
#include "services/codegen/calls/testing/memory_claims.hpp"
#include "services/codegen/models/testing/fake_models.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::codegen {
namespace {

using models::ModelReply;
using models::testing::ScriptedProvider;
using testing::MemoryClaims;

const CallKey kKey{.job = "01890000-0000-7000-8000-000000000001", .candidate = "c2"};
constexpr std::string_view kPrices = R"({"prices": [{"model": "m", "input": 1, "output": 10}]})";

ModelReply reply_of(std::string text) {
  ModelReply reply;
  reply.text = std::move(text);
  reply.model = "m";
  reply.usage = {.input_tokens = 100, .output_tokens = 20};
  return reply;
}

class ModelCallerTest : public ::testing::Test {
 protected:
  void script(std::deque<Result<ModelReply>> replies) {
    auto provider = std::make_unique<ScriptedProvider>("scripted", std::move(replies));
    provider_ = provider.get();
    std::vector<models::RosterEntry> entries;
    entries.push_back({.provider = std::move(provider), .model = "m", .cheap_model = "m-small"});
    roster_ = std::make_unique<models::ModelRoster>(
        std::move(entries), models::PriceList::parse(kPrices).value(), clock_);
    caller_ = std::make_unique<ModelCaller>(*roster_, journal_, claims_, clock_);
  }
  Result<Call> call(const CallOptions& options = {}) {
    return caller_->call(kKey, [this] { return write(); }, options);
  }
  Result<Prompt> write() {
    ++written_;
    return Prompt{.name = "draft/1", .system = "s", .messages = {{.text = "write a program"}}};
  }
  std::size_t asked() const { return provider_->models.size(); }

  ::podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_ = std::move(*open_directory_store(folder_.path()));
  CallJournal journal_{*store_};
  MemoryClaims claims_;
  models::SystemModelClock clock_;
  ScriptedProvider* provider_ = nullptr;
  std::unique_ptr<models::ModelRoster> roster_;
  std::unique_ptr<ModelCaller> caller_;
  int written_ = 0;
};

TEST_F(ModelCallerTest, AnAnswerIsStoredWithItsCost) {
  script({reply_of("a plan")});
  const auto answer = call();
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->record.text, "a plan");
  EXPECT_EQ(answer->record.tokens(), 120U);
  EXPECT_EQ(answer->record.cost_micro_usd, 300);
  EXPECT_TRUE(journal_.reply(kKey).value());
}

TEST_F(ModelCallerTest, ARepeatIsNotPaidAgain) {
  script({reply_of("once"), reply_of("twice")});
  ASSERT_TRUE(call());
  const auto again = call();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->record.text, "once");
  EXPECT_EQ(asked(), 1U);
  EXPECT_EQ(written_, 1) << "the stored prompt is used again";
}

TEST_F(ModelCallerTest, WhoWaitsForAnotherProcessTakesItsAnswer) {
  script({reply_of("mine")});
  ASSERT_TRUE(claims_.take(kKey).value());
  std::jthread other{[this] { EXPECT_TRUE(journal_.save(kKey, CallRecord{.text = "theirs"})); }};
  const auto answer = call();
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->record.text, "theirs");
  EXPECT_EQ(asked(), 0U);
}

TEST_F(ModelCallerTest, ACallWhoseAskerDiedIsTakenOver) {
  script({reply_of("mine")});
  ASSERT_TRUE(claims_.take(kKey).value());
  claims_.die(kKey);
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->record.text, "mine");
}

TEST_F(ModelCallerTest, ACallThatKillsItsProcessEnds) {
  script({reply_of("never")});
  for (std::uint32_t take = 0; take < kCallTakesMax; ++take) {
    ASSERT_TRUE(claims_.take(kKey).value());
    claims_.die(kKey);
  }
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->record.failure, "MODEL_CALL_LOST");
  EXPECT_EQ(asked(), 0U);
}

TEST_F(ModelCallerTest, AStopLeavesTheCallToTheNextProcess) {
  script({fail(errors::kStopped, "stopping"), reply_of("after the restart")});
  const auto stopped = call();
  ASSERT_FALSE(stopped);
  EXPECT_TRUE(stopped.error().is(errors::kStopped));
  EXPECT_FALSE(claims_.held(kKey));
  EXPECT_EQ(call()->record.text, "after the restart");
}

TEST_F(ModelCallerTest, NobodyWaitsForAJobThatEnded) {
  script({reply_of("mine")});
  ASSERT_TRUE(claims_.take(kKey).value());
  const auto answer = call({.wanted = [] { return false; }});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(call_errors::kNotWanted));
}

TEST_F(ModelCallerTest, ARefusedKeyTurnsModelsOff) {
  script({fail(models::model_errors::kKeyRefused, "401")});
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->record.failure, "MODEL_KEY_REFUSED");
  EXPECT_TRUE(answer->record.models_off);
}

TEST_F(ModelCallerTest, TheCheapModelIsAskedForCheapSteps) {
  script({reply_of("ok")});
  ASSERT_TRUE(call({.choice = {.cheap = true}}));
  EXPECT_EQ(provider_->models, std::vector<std::string>{"m-small"});
}

TEST_F(ModelCallerTest, AnswersAreNoLongerThanTheCapsAllow) {
  const auto prices = models::PriceList::parse(kPrices).value();
  const auto prompt = write().value();  // about 6 tokens
  EXPECT_EQ(output_tokens_allowed(prices, "m", prompt, {}).value(), 32'000U);
  EXPECT_LT(output_tokens_allowed(prices, "m", prompt, {.tokens_left = 1'000}).value(), 1'000U);
  EXPECT_EQ(output_tokens_allowed(prices, "m", prompt, {.tokens_left = 100}).error().code->name,
            "BUDGET_TOKENS");
  // 10 millionths of a dollar for a token out: 5,000 millionths are 500 tokens, less the prompt.
  const auto bought = output_tokens_allowed(prices, "m", prompt, {.cost_micro_usd_left = 5'000});
  EXPECT_GT(bought.value(), 490U);
  EXPECT_LT(bought.value(), 501U);
  EXPECT_EQ(
      output_tokens_allowed(prices, "m", prompt, {.cost_micro_usd_left = 1}).error().code->name,
      "BUDGET_COST");
  EXPECT_EQ(output_tokens_allowed(prices, "other", prompt, {.cost_micro_usd_left = 5'000})
                .error()
                .code->name,
            "MODEL_PRICE_UNKNOWN");
}

}  // namespace
}  // namespace podium::codegen
