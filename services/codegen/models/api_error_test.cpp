#include "services/codegen/models/api_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/utf8.hpp"
#include "services/codegen/models/model_errors.hpp"
#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Secret kKey{"sk-very-secret"};

const ErrorCode* code_of(int status, std::string_view body) {
  return error_of(read_api_error(status, body), "vendor", kKey).code;
}

TEST(ApiError, EachVendorsShapeIsRead) {
  const ApiError anthropic = read_api_error(
      429, R"({"type":"error","error":{"type":"rate_limit_error","message":"slow"}})");
  EXPECT_EQ(anthropic.type, "rate_limit_error");
  EXPECT_EQ(anthropic.message, "slow");

  const ApiError openai = read_api_error(
      400, R"({"error":{"message":"no","type":"invalid_request_error","param":"temperature",)"
           R"("code":"unsupported_value"}})");
  EXPECT_EQ(openai.param, "temperature");
  EXPECT_EQ(openai.code, "unsupported_value");

  const ApiError nulls =
      read_api_error(400, R"({"error":{"message":"no","type":null,"param":null,"code":null}})");
  EXPECT_EQ(nulls.message, "no");
  EXPECT_EQ(nulls.code, "");

  EXPECT_EQ(read_api_error(400, R"({"error":{"message":"no","code":400}})").code, "400");
  EXPECT_EQ(read_api_error(400, R"({"error":"just words"})").message, "just words");
  EXPECT_EQ(read_api_error(400, R"({"object":"error","message":"flat","code":40303})").message,
            "flat");
  EXPECT_EQ(read_api_error(400, R"([{"error":{"message":"in a list"}}])").message, "in a list");
  EXPECT_EQ(read_api_error(422, R"({"detail":"not good"})").message, "not good");
  EXPECT_EQ(read_api_error(413, "<html>413</html>").message, "a page of HTML instead of an error");
  EXPECT_EQ(read_api_error(500, "").message, "");
}

TEST(ApiError, StatusAndCodeSayWhatItMeans) {
  EXPECT_EQ(code_of(401, "{}"), &model_errors::kKeyRefused);
  EXPECT_EQ(code_of(402, "{}"), &model_errors::kNoMoney);
  EXPECT_EQ(code_of(403, "{}"), &model_errors::kKeyRefused);
  EXPECT_EQ(code_of(404, "<html>"), &model_errors::kModelUnknown);
  EXPECT_EQ(code_of(413, "<html>"), &model_errors::kContextTooLong);
  EXPECT_EQ(code_of(429, "{}"), &model_errors::kRateLimited);
  EXPECT_EQ(code_of(500, "{}"), &model_errors::kUnavailable);
  EXPECT_EQ(code_of(503, R"({"error":{"message":"Loading model"}})"), &model_errors::kOverloaded);
  EXPECT_EQ(code_of(529, "{}"), &model_errors::kOverloaded);
  EXPECT_EQ(code_of(301, ""), &model_errors::kRequestInvalid);
  EXPECT_EQ(code_of(400, R"({"error":{"message":"what is this"}})"),
            &model_errors::kRequestInvalid);
}

TEST(ApiError, NoMoneyIsToldFromTooFast) {
  EXPECT_EQ(code_of(429, R"({"error":{"message":"quota","code":"insufficient_quota"}})"),
            &model_errors::kNoMoney);
  EXPECT_EQ(code_of(429, R"({"error":{"message":"slow","code":"rate_limit_exceeded"}})"),
            &model_errors::kRateLimited);
  EXPECT_EQ(code_of(400, R"({"error":{"message":"Your credit balance is too low to go on"}})"),
            &model_errors::kNoMoney);
}

TEST(ApiError, TheMeaningsOfABadRequestAreToldApart) {
  EXPECT_EQ(code_of(400, R"({"error":{"message":"x","code":"context_length_exceeded"}})"),
            &model_errors::kContextTooLong);
  EXPECT_EQ(code_of(400, R"({"error":{"type":"exceed_context_size_error","message":"x"}})"),
            &model_errors::kContextTooLong);
  EXPECT_EQ(code_of(400, R"({"error":{"message":"prompt is too long: 210000 tokens > 200000"}})"),
            &model_errors::kContextTooLong);
  EXPECT_EQ(
      code_of(400, R"([{"error":{"message":"API key not valid. Please pass a valid one."}}])"),
      &model_errors::kKeyRefused);
  EXPECT_EQ(code_of(400, R"({"error":{"message":"x","code":"content_filter"}})"),
            &model_errors::kPromptRefused);
}

TEST(ApiError, InsideAStreamTypeAndCodeStandForTheStatus) {
  const auto status = [](std::string_view text) {
    return read_stream_error(nlohmann::json::parse(text)).status;
  };
  EXPECT_EQ(status(R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})"), 529);
  EXPECT_EQ(status(R"({"error":{"message":"x","code":429}})"), 429);
  EXPECT_EQ(status(R"({"error":{"message":"x","code":"insufficient_quota"}})"), 429);
  EXPECT_EQ(status(R"({"error":{"message":"x","type":"server_error"}})"), 500);
  EXPECT_EQ(status(R"({"type":"error","code":"rate_limit_exceeded","message":"x"})"), 429);
}

TEST(ApiError, KeysAreCutOut) {
  const ApiError error{.status = 400, .message = "header sk-very-secret and sk-very-secret"};
  const std::string detail = error_of(error, "vendor", kKey).detail;
  EXPECT_THAT(detail, Not(HasSubstr("sk-very-secret")));
  EXPECT_THAT(detail, HasSubstr("header"));
}

TEST(ApiError, OfARefusedKeyTheVendorsWordsAreNotRepeated) {
  const ApiError error{.status = 401, .message = "Incorrect API key provided: sk-ve**ret"};
  EXPECT_EQ(error_of(error, "vendor", kKey).detail, "vendor answers 401");
}

TEST(ApiError, LongAndStrangeWordsAreMadeFit) {
  std::string words = "a\nb\x1b[31m\xff";
  for (int i = 0; i < 1000; ++i) words += "ü";
  const std::string detail = error_of({.status = 400, .message = words}, "vendor", kKey).detail;
  EXPECT_TRUE(is_utf8(detail));
  EXPECT_LT(detail.size(), kErrorTextBytesMax + 50);
  EXPECT_THAT(detail, HasSubstr("a b [31m"));
}

TEST(ApiError, WordsAreFoundWhole) {
  const ApiError error{.message = "`max_tokens`: system.0.cache_control is not known"};
  EXPECT_TRUE(names_word(error, "max_tokens"));
  EXPECT_TRUE(names_word(error, "cache_control"));
  EXPECT_FALSE(names_word(error, "tokens"));
  EXPECT_FALSE(names_word(error, "max_tokens_total"));
  EXPECT_TRUE(names_word({.param = "temperature"}, "temperature"));
}

}  // namespace
}  // namespace podium::codegen::models
