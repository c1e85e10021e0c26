#include "services/codegen/models/openai_responses.hpp"

#include <gtest/gtest.h>

#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;
using testing::event;
using testing::read_stream;
using testing::request_of;
using testing::responses_stream;

const OpenAiResponses kResponses;

std::string responses_said(std::string_view text) {
  return event(json{{"type", "response.output_text.delta"}, {"delta", text}}.dump());
}

TEST(ResponsesBody, HasAsFewParametersAsPossibleAndStoresNothing) {
  ModelRequest request = request_of("hi");
  request.system = "be short";
  request.max_output_tokens = 1000;
  EXPECT_EQ(json::parse(kResponses.body(request, {})), json::parse(R"({
    "model": "model-x", "max_output_tokens": 1000, "stream": true, "store": false,
    "instructions": "be short", "input": [{"role": "user", "content": "hi"}]})"));
}

TEST(ResponsesStream, ReadsTheSameHoweverItIsCut) {
  const std::string stream = responses_stream();
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const StreamedReply reply = read_stream(kResponses, stream, piece);
    ASSERT_TRUE(reply.whole) << piece;
    ASSERT_EQ(reply.text, "hello wörld") << piece;
    ASSERT_EQ(reply.stop_reason, StopReason::finished);
    ASSERT_EQ(
        reply.usage,
        (ModelUsage{
            .input_tokens = 90, .cached_tokens = 64, .output_tokens = 20, .reasoning_tokens = 16}));
    ASSERT_EQ(reply.model, "gpt-x-2026-01-01");
    ASSERT_EQ(reply.id, "resp_1");
  }
}

TEST(ResponsesStream, IsNotWholeBeforeItsLastEvent) {
  const std::string stream = responses_stream();
  for (std::size_t end = 0; end < stream.size(); ++end) {
    ASSERT_FALSE(read_stream(kResponses, stream.substr(0, end)).whole) << end;
  }
}

TEST(ResponsesStream, IncompleteAnswersAreToldApart) {
  const auto incomplete = [](std::string_view reason) {
    return read_stream(
        kResponses,
        responses_said("half") +
            event(json{{"type", "response.incomplete"},
                       {"response",
                        {{"status", "incomplete"}, {"incomplete_details", {{"reason", reason}}}}}}
                      .dump()));
  };
  EXPECT_EQ(incomplete("max_output_tokens").stop_reason, StopReason::truncated);
  EXPECT_EQ(incomplete("content_filter").stop_reason, StopReason::filtered);
  EXPECT_EQ(incomplete("something_new").stop_reason, StopReason::truncated);
  EXPECT_TRUE(incomplete("max_output_tokens").whole);
}

TEST(ResponsesStream, ARefusalIsNoText) {
  const auto refused = read_stream(
      kResponses, event(R"({"type":"response.refusal.delta","delta":"I cannot"})") +
                      event(R"({"type":"response.completed","response":{"status":"completed"}})"));
  EXPECT_EQ(refused.stop_reason, StopReason::refused);
  EXPECT_EQ(refused.stop_detail, "I cannot");
  EXPECT_EQ(refused.text, "");
}

TEST(ResponsesStream, TextMayComeOnlyAtTheEnd) {
  const auto reply = read_stream(
      kResponses,
      event(R"({"type":"response.completed","response":{"status":"completed","output":[)"
            R"({"type":"reasoning"},{"type":"message","content":[{"type":"output_text",)"
            R"("text":"all"}]}]}})"));
  EXPECT_TRUE(reply.whole);
  EXPECT_EQ(reply.text, "all");
}

TEST(ResponsesStream, FailuresInsideMakeItVoid) {
  const auto failed = read_stream(
      kResponses, responses_said("half") +
                      event(R"({"type":"response.failed","response":{"status":"failed",)"
                            R"("error":{"code":"rate_limit_exceeded","message":"slow"}}})"));
  ASSERT_TRUE(failed.error);
  EXPECT_EQ(failed.error->status, 429);
  EXPECT_FALSE(failed.whole);
  const auto flat = read_stream(
      kResponses, event(R"({"type":"error","code":"server_error","message":"oops","param":null})"));
  ASSERT_TRUE(flat.error);
  EXPECT_EQ(flat.error->status, 500);
  EXPECT_EQ(flat.error->type, "");
  const auto cancelled = read_stream(
      kResponses, event(R"({"type":"response.cancelled","response":{"status":"cancelled"}})"));
  ASSERT_TRUE(cancelled.error);
}

}  // namespace
}  // namespace podium::codegen::models
