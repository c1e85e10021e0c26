#include "services/codegen/models/repeat_rule.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/model_errors.hpp"
#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

const Error kSlowDown{&model_errors::kRateLimited, ""};
const Error kDown{&model_errors::kUnavailable, ""};
const Error kTooMuch{&model_errors::kOverloaded, ""};

TEST(RepeatRule, OnlyWhatMayPassIsRepeated) {
  for (const Error& error : {kSlowDown, kDown, kTooMuch}) {
    EXPECT_TRUE(repeat_delay(error, {}, 1, 0.5)) << error.text();
  }
  for (const ErrorCode* code :
       {&model_errors::kKeyRefused, &model_errors::kNoMoney, &model_errors::kModelUnknown,
        &model_errors::kPromptRefused, &model_errors::kContextTooLong,
        &model_errors::kRequestInvalid, &errors::kTimeout, &errors::kStopped}) {
    EXPECT_FALSE(repeat_delay({code, ""}, {}, 1, 0.5)) << code->name;
  }
}

TEST(RepeatRule, TheVendorsWordGoesFirst) {
  EXPECT_FALSE(repeat_delay(kSlowDown, {.should_retry = false}, 1, 0.5));
  EXPECT_TRUE(repeat_delay({&model_errors::kRequestInvalid, ""}, {.should_retry = true}, 1, 0.5));
  EXPECT_FALSE(repeat_delay({&errors::kStopped, ""}, {.should_retry = true}, 1, 0.5))
      << "but our own end is final";
}

TEST(RepeatRule, TheDelayDoublesToItsMost) {
  EXPECT_EQ(repeat_delay(kDown, {}, 1, 0.0), 500ms);
  EXPECT_EQ(repeat_delay(kDown, {}, 2, 0.0), 1'000ms);
  EXPECT_EQ(repeat_delay(kDown, {}, 3, 0.5), 3'000ms);
  EXPECT_EQ(repeat_delay(kDown, {}, 7, 0.0), kRepeatDelayMax / 2);
  EXPECT_EQ(repeat_delay(kTooMuch, {}, 1, 0.0), 2'000ms) << "overload takes longer to pass";
}

TEST(RepeatRule, ItEndsAfterItsTries) {
  EXPECT_TRUE(repeat_delay(kDown, {}, kTriesMax - 1, 0.5));
  EXPECT_FALSE(repeat_delay(kDown, {}, kTriesMax, 0.5));
}

TEST(RepeatRule, AWaitThatTheVendorNamesIsKept) {
  EXPECT_EQ(repeat_delay(kSlowDown, {.retry_after = 8'000ms}, 5, 0.0), 8'000ms);
  EXPECT_EQ(repeat_delay(kSlowDown, {.retry_after = 8'000ms}, 5, 0.5), 9'000ms);
  EXPECT_FALSE(repeat_delay(kSlowDown, {.retry_after = kWaitMax + 1ms}, 1, 0.0))
      << "another provider is better";
}

}  // namespace
}  // namespace podium::codegen::models
