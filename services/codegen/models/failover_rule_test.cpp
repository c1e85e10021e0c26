#include "services/codegen/models/failover_rule.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

using Order = std::vector<std::size_t>;

const SteadyTime kStart{1h};
const Error kDown{&model_errors::kUnavailable, "down"};
const Error kPoor{&model_errors::kNoMoney, "poor"};

TEST(FailoverRule, AnotherProviderHelpsOnlyWhenTheProviderIsAtFault) {
  for (const ErrorCode* code :
       {&model_errors::kRateLimited, &model_errors::kOverloaded, &model_errors::kKeyRefused,
        &model_errors::kNoMoney, &model_errors::kModelUnknown, &model_errors::kUnavailable}) {
    EXPECT_TRUE(another_may_help({code, ""})) << code->name;
  }
  for (const ErrorCode* code :
       {&model_errors::kPromptRefused, &model_errors::kContextTooLong,
        &model_errors::kRequestInvalid, &errors::kTimeout, &errors::kStopped, &errors::kInternal}) {
    EXPECT_FALSE(another_may_help({code, ""})) << code->name;
  }
}

TEST(FailoverRule, TheErrorOfAllMayPassWhenOneMayPass) {
  const Error both = combined(std::vector{kPoor, kDown});
  EXPECT_TRUE(both.is(model_errors::kUnavailable));
  EXPECT_EQ(both.detail, "MODEL_NO_MONEY: poor; MODEL_UNAVAILABLE: down");
  EXPECT_TRUE(combined(std::vector{kPoor}).is(model_errors::kNoMoney));
}

TEST(ProviderRests, AFailedProviderComesLastUntilItsRestIsOver) {
  ProviderRests rests{3};
  EXPECT_EQ(rests.order(kStart), (Order{0, 1, 2}));
  rests.failed(0, kDown, kStart);
  EXPECT_EQ(rests.order(kStart), (Order{1, 2, 0}));
  EXPECT_EQ(rests.order(kStart + kDownRest), (Order{0, 1, 2}));
}

TEST(ProviderRests, AnAccountRestsLonger) {
  ProviderRests rests{2};
  rests.failed(0, kPoor, kStart);
  rests.failed(1, kDown, kStart);
  EXPECT_EQ(rests.order(kStart), (Order{1, 0})) << "the soonest awake first";
  EXPECT_EQ(rests.order(kStart + kDownRest), (Order{1, 0}));
  EXPECT_EQ(rests.order(kStart + kAccountRest), (Order{0, 1}));
}

TEST(ProviderRests, AnAnswerEndsTheRest) {
  ProviderRests rests{2};
  rests.failed(0, kPoor, kStart);
  rests.answered(0);
  EXPECT_EQ(rests.order(kStart), (Order{0, 1}));
}

}  // namespace
}  // namespace podium::codegen::models
