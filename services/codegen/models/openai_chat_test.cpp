#include "services/codegen/models/openai_chat.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;
using testing::chat_stream;
using testing::chunk;
using testing::read_stream;
using testing::request_of;

const OpenAiChat kChat;

json chat_body_of(const ModelRequest& request, const RequestShape& shape = {}) {
  return json::parse(kChat.body(request, shape));
}

std::string chat_said(std::string_view text, std::string_view finish_reason) {
  return chunk(
      json{{"choices",
            {{{"delta", {{"content", text}}}, {"finish_reason", json::parse(finish_reason)}}}}}
          .dump());
}

TEST(ChatBody, HasAsFewParametersAsPossible) {
  ModelRequest request = request_of("hi");
  request.system = "be short";
  request.max_output_tokens = 1000;
  EXPECT_EQ(chat_body_of(request), json::parse(R"({
    "model": "model-x", "max_tokens": 1000, "stream": true,
    "stream_options": {"include_usage": true},
    "messages": [{"role": "system", "content": "be short"}, {"role": "user", "content": "hi"}]})"));
}

TEST(ChatBody, FollowsTheShape) {
  ModelRequest request = request_of("hi");
  request.system = "be short";
  request.temperature = 0.5;
  const json body =
      chat_body_of(request, {.output_limit = RequestShape::OutputLimit::max_completion_tokens,
                             .temperature = false,
                             .stream_options = false,
                             .system_message = false,
                             .output_tokens_max = 4096});
  EXPECT_EQ(body, json::parse(R"({
    "model": "model-x", "max_completion_tokens": 4096, "stream": true,
    "messages": [{"role": "user", "content": "be short\n\nhi"}]})"));
}

TEST(ChatBody, TurnsOfOneRoleAreOne) {
  ModelRequest request = request_of("the data");
  request.messages.push_back({.text = "the task"});
  request.messages.push_back({.role = Role::assistant, .text = "code"});
  EXPECT_EQ(chat_body_of(request)["messages"], json::parse(R"([
    {"role": "user", "content": "the data\n\nthe task"},
    {"role": "assistant", "content": "code"}])"));
}

TEST(ChatShape, OnlyOpenAiItselfIsAskedWithTheNewName) {
  using enum RequestShape::OutputLimit;
  EXPECT_EQ(kChat.first_shape("https://api.openai.com/v1").output_limit, max_completion_tokens);
  EXPECT_EQ(kChat.first_shape("https://eu.api.openai.com/v1").output_limit, max_completion_tokens);
  EXPECT_EQ(kChat.first_shape("http://localhost:11434/v1").output_limit, max_tokens);
  EXPECT_EQ(kChat.first_shape("https://evil.example/api.openai.com").output_limit, max_tokens);
}

TEST(ChatHeaders, WithoutAKeyThereIsNone) {
  for (const auto& [name, value] : kChat.headers(Secret{})) EXPECT_NE(name, "Authorization");
}

TEST(ChatStream, ReadsTheSameHoweverItIsCut) {
  const std::string stream = chat_stream();
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const StreamedReply reply = read_stream(kChat, stream, piece);
    ASSERT_TRUE(reply.whole) << piece;
    ASSERT_EQ(reply.text, "hello wörld") << piece;
    ASSERT_EQ(reply.stop_reason, StopReason::finished);
    ASSERT_EQ(
        reply.usage,
        (ModelUsage{
            .input_tokens = 90, .cached_tokens = 64, .output_tokens = 20, .reasoning_tokens = 16}));
    ASSERT_EQ(reply.model, "gpt-x");
    ASSERT_EQ(reply.id, "chatcmpl-1");
  }
}

TEST(ChatStream, IsWholeOnceItHasSaidWhyItStopped) {
  const std::string stream = chat_stream();
  const std::size_t told = stream.find("\n\n", stream.find(R"("finish_reason":"stop")")) + 2;
  for (std::size_t end = 0; end < stream.size(); ++end) {
    ASSERT_EQ(read_stream(kChat, stream.substr(0, end)).whole, end >= told) << end;
  }
}

TEST(ChatStream, StopReasonsAreToldApart) {
  EXPECT_EQ(read_stream(kChat, chat_said("x", R"("length")")).stop_reason, StopReason::truncated);
  EXPECT_EQ(read_stream(kChat, chat_said("x", R"("tool_calls")")).stop_reason,
            StopReason::truncated);
  EXPECT_EQ(read_stream(kChat, chat_said("x", R"("content_filter")")).stop_reason,
            StopReason::filtered);
  const auto refused =
      read_stream(kChat, chunk(R"({"choices":[{"delta":{"content":null,"refusal":"I cannot"}}]})") +
                             chunk(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"));
  EXPECT_EQ(refused.stop_reason, StopReason::refused);
  EXPECT_EQ(refused.stop_detail, "I cannot");
  EXPECT_EQ(refused.text, "");
}

TEST(ChatStream, AGatewayThatNeverSaysWhyItStoppedMayEndProperly) {
  EXPECT_TRUE(read_stream(kChat, chat_said("x", R"("")") + chunk("[DONE]")).whole);
  EXPECT_TRUE(read_stream(kChat, chat_said("x", "null") + chunk("[DONE]")).whole);
  EXPECT_FALSE(read_stream(kChat, chat_said("x", "null")).whole);
}

TEST(ChatStream, UsageMayBeMissing) {
  const auto reply = read_stream(kChat, chat_said("hello", R"("stop")") + chunk("[DONE]"));
  EXPECT_TRUE(reply.whole);
  EXPECT_FALSE(reply.usage_is_final);
  EXPECT_EQ(reply.bytes, 5U);
}

TEST(ChatStream, AnErrorInsideMakesItVoid) {
  const auto object = read_stream(
      kChat, chat_said("x", "null") + chunk(R"({"error":{"message":"gone","code":503}})"));
  ASSERT_TRUE(object.error);
  EXPECT_EQ(object.error->status, 503);
  EXPECT_FALSE(object.whole);
  const auto text = read_stream(kChat, chunk(R"({"error":"out of memory"})"));
  ASSERT_TRUE(text.error);
  EXPECT_EQ(text.error->message, "out of memory");
  const auto flat = read_stream(kChat, chunk(R"({"object":"error","message":"no","code":400})"));
  ASSERT_TRUE(flat.error);
  EXPECT_EQ(flat.error->status, 400);
  EXPECT_TRUE(read_stream(kChat, chat_said("x", R"("error")")).error);
}

TEST(ChatStream, ReasoningCountsButIsNoText) {
  const auto reply =
      read_stream(kChat, chunk(R"({"choices":[{"delta":{"reasoning_content":"hmm"}}]})") +
                             chunk(R"({"choices":[{"delta":{"reasoning":"aha"}}]})") +
                             chat_said("yes", R"("stop")"));
  EXPECT_EQ(reply.text, "yes");
  EXPECT_EQ(reply.bytes, 9U);
}

TEST(ChatStream, InlineThinkingIsTakenOut) {
  EXPECT_EQ(read_stream(kChat, chat_said("<think>\nhm\n</think>\n\nyes", R"("stop")")).text, "yes");
}

TEST(WithoutThinking, TakesOnlyALeadingPart) {
  EXPECT_EQ(without_thinking("yes"), "yes");
  EXPECT_EQ(without_thinking("  <think>a</think> yes"), "yes");
  EXPECT_EQ(without_thinking("lost opening</think>yes"), "yes");
  EXPECT_EQ(without_thinking("<think>never closes"), "");
  EXPECT_EQ(without_thinking("say <think>a</think> yes"), "say <think>a</think> yes");
  EXPECT_EQ(without_thinking("<think>a</think>"), "");
  EXPECT_EQ(without_thinking(""), "");
}

}  // namespace
}  // namespace podium::codegen::models
