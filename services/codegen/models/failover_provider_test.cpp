#include "services/codegen/models/failover_provider.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/model_limits.hpp"
#include "services/codegen/models/testing/fake_models.hpp"
#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using testing::FakeClock;
using testing::request_of;
using testing::ScriptedProvider;

Result<ModelReply> replied(std::string text) {
  ModelReply reply;
  reply.text = std::move(text);
  return reply;
}

Result<ModelReply> failed(const ErrorCode& code) {
  return fail(code, "as scripted");
}

TEST(FailoverProvider, TheNextAnswersUnderItsOwnModelAndStaysFirstForAWhile) {
  FakeClock clock;
  ScriptedProvider first{"first", {failed(model_errors::kKeyRefused), replied("mended")}};
  ScriptedProvider second{"second", {replied("a"), replied("b")}};
  FailoverProvider provider{{{&first, ""}, {&second, "model-y"}}, clock};
  EXPECT_EQ(provider.complete(request_of("hi"), {})->text, "a");
  EXPECT_EQ(provider.complete(request_of("hi"), {})->text, "b");
  EXPECT_EQ(first.models, std::vector<std::string>{"model-x"}) << "it was left alone";
  EXPECT_EQ(second.models, (std::vector<std::string>{"model-y", "model-y"}));
  clock.pass(kAccountRest);
  EXPECT_EQ(provider.complete(request_of("hi"), {})->text, "mended");
}

TEST(FailoverProvider, AProviderAtRestIsAskedWhenTheOthersFail) {
  FakeClock clock;
  ScriptedProvider first{"first", {failed(model_errors::kUnavailable), replied("back")}};
  ScriptedProvider second{"second", {replied("a"), failed(model_errors::kOverloaded)}};
  FailoverProvider provider{{{&first, ""}, {&second, ""}}, clock};
  EXPECT_EQ(provider.complete(request_of("hi"), {})->text, "a");
  EXPECT_EQ(provider.complete(request_of("hi"), {})->text, "back");
}

TEST(FailoverProvider, TheRequestsOwnFaultIsNotTriedElsewhere) {
  FakeClock clock;
  ScriptedProvider first{"first", {failed(model_errors::kContextTooLong)}};
  ScriptedProvider second{"second", {replied("a")}};
  FailoverProvider provider{{{&first, ""}, {&second, ""}}, clock};
  const auto reply = provider.complete(request_of("hi"), {});
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(model_errors::kContextTooLong));
  EXPECT_TRUE(second.models.empty());
}

TEST(FailoverProvider, WhenAllFailAllAreTold) {
  FakeClock clock;
  ScriptedProvider first{"first", {failed(model_errors::kOverloaded)}};
  ScriptedProvider second{"second", {failed(model_errors::kNoMoney)}};
  FailoverProvider provider{{{&first, ""}, {&second, ""}}, clock};
  const auto reply = provider.complete(request_of("hi"), {});
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(model_errors::kOverloaded));
  EXPECT_NE(reply.error().detail.find("MODEL_NO_MONEY"), std::string::npos);
}

}  // namespace
}  // namespace podium::codegen::models
