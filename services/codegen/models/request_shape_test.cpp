#include "services/codegen/models/request_shape.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using OutputLimit = RequestShape::OutputLimit;

ModelRequest asked(std::uint32_t tokens) {
  ModelRequest request = testing::request_of("hi");
  request.system = "be short";
  request.temperature = 0.2;
  request.max_output_tokens = tokens;
  return request;
}

ApiError refusal(std::string message, std::string param = {}, std::string code = {}) {
  return {.status = 400,
          .code = std::move(code),
          .param = std::move(param),
          .message = std::move(message)};
}

TEST(RequestShape, ARefusedTemperatureIsLeftOut) {
  for (const auto* words :
       {"`temperature` is deprecated for this model.",
        "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default "
        "(1) value is supported."}) {
    const auto adapted = adapt({}, asked(1000), refusal(words));
    ASSERT_TRUE(adapted) << words;
    EXPECT_FALSE(adapted->shape.temperature);
    EXPECT_TRUE(adapted->for_all_prompts);
    EXPECT_FALSE(adapt(adapted->shape, asked(1000), refusal(words))) << "once is enough";
  }
}

TEST(RequestShape, TheOutputLimitGetsItsOtherName) {
  const auto words = refusal(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
      "'max_completion_tokens' instead.",
      "max_tokens", "unsupported_parameter");
  const auto adapted = adapt({}, asked(1000), words);
  ASSERT_TRUE(adapted);
  EXPECT_EQ(adapted->shape.output_limit, OutputLimit::max_completion_tokens);
  EXPECT_FALSE(adapt(adapted->shape, asked(1000), words)) << "not back and forth";

  const RequestShape newer{.output_limit = OutputLimit::max_completion_tokens};
  const auto back = adapt(newer, asked(1000), refusal("Unknown field: max_completion_tokens"));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->shape.output_limit, OutputLimit::max_tokens);
}

TEST(RequestShape, TheOutputLimitIsLoweredToTheModelsMost) {
  for (const auto* words :
       {"max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for x-3-5",
        "max_tokens is too large: 64000. This model supports at most 8192 completion tokens, "
        "whereas you provided 64000."}) {
    const auto adapted = adapt({}, asked(64'000), refusal(words));
    ASSERT_TRUE(adapted) << words;
    EXPECT_EQ(adapted->shape.output_tokens(asked(64'000)), 8192U);
    EXPECT_EQ(adapted->shape.output_tokens(asked(500)), 500U);
    EXPECT_TRUE(adapted->for_all_prompts);
  }
}

TEST(RequestShape, TheOutputLimitIsLoweredToTheContextLeftForThisPromptOnly) {
  struct Case {
    std::uint32_t asked;
    std::uint32_t left;
    const char* words;
  };
  for (const auto& [tokens, left, words] : {
           Case{20'000, 10'000,
                "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, "
                "decrease input length or `max_tokens` and try again"},
           Case{10'000, 7'692,
                "'max_tokens' or 'max_completion_tokens' is too large: 10000. This model's maximum "
                "context length is 8192 tokens and your request has 500 input tokens (10000 > 8192 "
                "- 500)."},
           Case{10'000, 7'692,
                "This model's maximum context length is 8192 tokens. However, you requested 10500 "
                "tokens (500 in the messages, 10000 in the completion)."},
       }) {
    const auto adapted = adapt({}, asked(tokens), refusal(words));
    ASSERT_TRUE(adapted) << words;
    EXPECT_EQ(adapted->shape.output_tokens(asked(tokens)), left) << words;
    EXPECT_FALSE(adapted->for_all_prompts);
  }
}

TEST(RequestShape, APromptThatFillsTheContextIsNotAdapted) {
  EXPECT_FALSE(adapt({}, asked(10'000),
                     refusal("This model's maximum context length is 8192 tokens. However, your "
                             "messages resulted in 18100 tokens.",
                             "messages", "context_length_exceeded")));
  EXPECT_FALSE(adapt({}, asked(20'000),
                     refusal("input length and `max_tokens` exceed context limit: 199999 + 20000 > "
                             "200000")));
}

TEST(RequestShape, OtherParametersAreLeftOutOneByOne) {
  const auto options = adapt({}, asked(100), refusal("Unrecognized: stream_options"));
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->shape.stream_options);
  const auto marks = adapt(options->shape, asked(100),
                           refusal("system.0.cache_control: Extra inputs are not permitted"));
  ASSERT_TRUE(marks);
  EXPECT_FALSE(marks->shape.cache_marks);
  EXPECT_FALSE(marks->shape.stream_options);
  const auto system = adapt(marks->shape, asked(100),
                            refusal("'messages[0].role' does not support 'system' with this model.",
                                    "messages[0].role", "unsupported_value"));
  ASSERT_TRUE(system);
  EXPECT_FALSE(system->shape.system_message);
}

TEST(RequestShape, WhatIsNotSentIsNotAdapted) {
  ModelRequest request = asked(100);
  request.temperature.reset();
  EXPECT_FALSE(adapt({}, request, refusal("temperature is wrong")));
  EXPECT_FALSE(adapt({}, request, refusal("the messages are wrong")));
  ApiError late = refusal("temperature");
  late.status = 500;
  EXPECT_FALSE(adapt({}, asked(100), late));
}

}  // namespace
}  // namespace podium::codegen::models
