#include "services/codegen/models/anthropic_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/models/model_limits.hpp"
#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;
using testing::anthropic_stream;
using testing::event;
using testing::read_stream;
using testing::request_of;

const AnthropicMessages kMessages;

json messages_body_of(const ModelRequest& request, const RequestShape& shape = {}) {
  return json::parse(kMessages.body(request, shape));
}

std::string messages_started() {
  return event(R"({"type":"message_start","message":{"id":"msg_1","model":"claude-x",)"
               R"("usage":{"input_tokens":12,"output_tokens":1}}})") +
         event(R"({"type":"content_block_delta","index":0,)"
               R"("delta":{"type":"text_delta","text":"half"}})");
}

std::string messages_stopped(std::string_view delta) {
  return messages_started() +
         event(R"({"type":"message_delta","delta":)" + std::string{delta} +
               R"(,"usage":{"output_tokens":7}})") +
         event(R"({"type":"message_stop"})");
}

TEST(AnthropicBody, HasAsFewParametersAsPossible) {
  ModelRequest request = request_of("hi");
  request.max_output_tokens = 1000;
  EXPECT_EQ(messages_body_of(request), json::parse(R"({
    "model": "model-x", "max_tokens": 1000, "stream": true,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]})"));
}

TEST(AnthropicBody, MarksTheStablePrefix) {
  ModelRequest request = request_of("facts");
  request.system = "be short";
  request.cache_system = true;
  request.messages[0].cache_to_here = true;
  request.messages.push_back({.role = Role::assistant, .text = "ok"});
  request.messages.push_back({.role = Role::user, .text = "go"});
  const json body = messages_body_of(request);
  const json mark{{"type", "ephemeral"}};
  EXPECT_EQ(body["system"][0]["cache_control"], mark);
  EXPECT_EQ(body["messages"][0]["content"][0]["cache_control"], mark);
  EXPECT_EQ(body["messages"][1]["role"], "assistant");
  EXPECT_FALSE(body["messages"][2]["content"][0].contains("cache_control"));
  EXPECT_EQ(messages_body_of(request, {.cache_marks = false}).dump().find("cache_control"),
            std::string::npos);
}

TEST(AnthropicBody, MarksAtMostTheLastFourPlaces) {
  ModelRequest request = request_of("0");
  request.system = "be short";
  request.cache_system = true;
  for (int i = 1; i < 5; ++i) request.messages.push_back({.text = std::to_string(i)});
  for (auto& message : request.messages) message.cache_to_here = true;
  const json body = messages_body_of(request);
  EXPECT_FALSE(body["system"][0].contains("cache_control"));
  EXPECT_FALSE(body["messages"][0]["content"][0].contains("cache_control"));
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_TRUE(body["messages"][i]["content"][0].contains("cache_control")) << i;
  }
}

TEST(AnthropicBody, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(messages_body_of(request_of("a\xff"))["messages"][0]["content"][0]["text"], "a\uFFFD");
}

TEST(AnthropicBody, TemperatureGoesOnlyWhereItIsTaken) {
  ModelRequest request = request_of("hi");
  request.temperature = 0.5;
  EXPECT_EQ(messages_body_of(request)["temperature"], 0.5);
  EXPECT_FALSE(messages_body_of(request, {.temperature = false}).contains("temperature"));
}

TEST(AnthropicHeaders, TheKeyGoesItsOwnWayOrAsABearer) {
  using ::testing::Contains;
  using ::testing::Pair;
  const Secret key{"k"};
  EXPECT_THAT(kMessages.headers(key), Contains(Pair("x-api-key", "k")));
  EXPECT_THAT(kMessages.headers(key), Contains(Pair("anthropic-version", "2023-06-01")));
  const AnthropicMessages gateway{AnthropicMessages::KeyHeader::bearer};
  EXPECT_THAT(gateway.headers(key), Contains(Pair("Authorization", "Bearer k")));
}

TEST(AnthropicStream, ReadsTheSameHoweverItIsCut) {
  const std::string stream = anthropic_stream();
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const StreamedReply reply = read_stream(kMessages, stream, piece);
    ASSERT_TRUE(reply.whole) << piece;
    ASSERT_EQ(reply.text, "hello wörld") << piece;
    ASSERT_EQ(reply.stop_reason, StopReason::finished);
    ASSERT_EQ(reply.usage, (ModelUsage{.input_tokens = 242,
                                       .cached_tokens = 200,
                                       .cache_written_tokens = 30,
                                       .output_tokens = 15}));
    ASSERT_EQ(reply.model, "claude-x-20260101");
    ASSERT_EQ(reply.bytes, std::string_view{"hmmhello wörld"}.size());
  }
}

TEST(AnthropicStream, IsNotWholeBeforeItsLastEvent) {
  const std::string stream = anthropic_stream();
  for (std::size_t end = 0; end < stream.size(); ++end) {
    ASSERT_FALSE(read_stream(kMessages, stream.substr(0, end)).whole) << end;
  }
}

TEST(AnthropicStream, TruncationAndRefusalAreToldApart) {
  EXPECT_EQ(read_stream(kMessages, messages_stopped(R"({"stop_reason":"max_tokens"})")).stop_reason,
            StopReason::truncated);
  EXPECT_EQ(
      read_stream(kMessages, messages_stopped(R"({"stop_reason":"model_context_window_exceeded"})"))
          .stop_reason,
      StopReason::truncated);
  EXPECT_EQ(
      read_stream(kMessages, messages_stopped(R"({"stop_reason":"something_new"})")).stop_reason,
      StopReason::truncated);
  EXPECT_EQ(
      read_stream(kMessages, messages_stopped(R"({"stop_reason":"stop_sequence"})")).stop_reason,
      StopReason::finished);
  const auto refused = read_stream(
      kMessages,
      messages_stopped(R"({"stop_reason":"refusal","stop_details":{"explanation":"no bio"}})"));
  EXPECT_EQ(refused.stop_reason, StopReason::refused);
  EXPECT_EQ(refused.stop_detail, "refusal: no bio");
  EXPECT_TRUE(refused.whole);
}

TEST(AnthropicStream, UsageIsCumulative) {
  const auto reply = read_stream(
      kMessages, messages_started() +
                     event(R"({"type":"message_delta","delta":{"stop_reason":null},)"
                           R"("usage":{"output_tokens":5}})") +
                     event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
                           R"("usage":{"input_tokens":14,"output_tokens":9,)"
                           R"("cache_read_input_tokens":null}})") +
                     event(R"({"type":"message_stop"})"));
  EXPECT_EQ(reply.usage, (ModelUsage{.input_tokens = 14, .output_tokens = 9}));
  EXPECT_TRUE(reply.usage_is_final);
}

TEST(AnthropicStream, AnErrorInsideMakesItVoid) {
  const auto reply =
      read_stream(kMessages, messages_started() +
                                 event(R"({"type":"error","error":{"type":"overloaded_error",)"
                                       R"("message":"Overloaded"}})") +
                                 event(R"({"type":"message_stop"})"));
  EXPECT_FALSE(reply.whole);
  ASSERT_TRUE(reply.error);
  EXPECT_EQ(reply.error->status, 529);
  EXPECT_EQ(reply.usage.input_tokens, 12U);
  EXPECT_FALSE(reply.usage_is_final);
}

TEST(AnthropicStream, WhatIsNoJsonMakesItVoid) {
  const auto reply = read_stream(kMessages, messages_started() + "data: {\"type\":\n\n");
  ASSERT_TRUE(reply.error);
  EXPECT_EQ(reply.error->status, 502);
}

TEST(AnthropicStream, AnEndlessAnswerIsCut) {
  const std::string delta =
      event(R"({"type":"content_block_delta","delta":{"type":"text_delta","text":")" +
            std::string(500'000, 'x') + R"("}})");
  const auto reply =
      read_stream(kMessages, messages_started() + delta + delta + delta + delta + delta + delta);
  EXPECT_TRUE(reply.whole);
  EXPECT_EQ(reply.stop_reason, StopReason::truncated);
  EXPECT_EQ(reply.text.size(), kReplyBytesMax);
}

}  // namespace
}  // namespace podium::codegen::models
