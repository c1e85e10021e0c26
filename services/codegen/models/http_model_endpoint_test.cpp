#include "services/codegen/models/http_model_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>

#include "libs/chassis/metrics.hpp"
#include "services/codegen/models/anthropic_messages.hpp"
#include "services/codegen/models/openai_chat.hpp"
#include "services/codegen/models/openai_responses.hpp"
#include "services/codegen/models/testing/model_peer.hpp"
#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using podium::testing_support::TestSocket;
using ::testing::HasSubstr;
using testing::http_answer;
using testing::json_answer;
using testing::ModelPeer;
using ::testing::Not;
using testing::request_of;
using ::testing::StartsWith;
using testing::stream_answer;

SystemModelClock system_clock;

template <typename Wire>
HttpModelEndpoint endpoint_at(const std::string& base_url,
                              std::chrono::milliseconds idle_timeout = kIdleTimeout) {
  return HttpModelEndpoint{{.name = "peer",
                            .base_url = base_url,
                            .key = Secret{"sk-very-secret"},
                            .idle_timeout = idle_timeout,
                            .proxy_from_environment = false},
                           std::make_unique<Wire>(),
                           system_clock};
}

const ErrorCode* code_of(const ModelAttempt& attempt) {
  return attempt.reply ? nullptr : attempt.reply.error().code;
}

/// How the metric of vendor calls names one with this code.
std::string counted(std::string_view code) {
  return std::format(R"(podium_vendor_calls_total{{code="{}",operation="complete",vendor="peer"}})",
                     code);
}

TEST(HttpModelEndpoint, AnthropicAnswers) {
  ModelPeer peer{{stream_answer(testing::anthropic_stream(),
                                "request-id: req_1\r\n"
                                "anthropic-ratelimit-requests-remaining: 7\r\n")}};
  auto endpoint = endpoint_at<AnthropicMessages>(peer.url() + "/");
  std::string text;
  const auto attempt = endpoint.attempt(request_of("hi"), [&](const ModelProgress& progress) {
    EXPECT_EQ(progress.kind, ModelProgress::Kind::text);
    text += progress.piece;
  });
  peer.join();
  ASSERT_TRUE(attempt.reply) << attempt.reply.error().text();
  EXPECT_EQ(attempt.reply->text, "hello wörld");
  EXPECT_EQ(text, "hello wörld");
  EXPECT_EQ(attempt.reply->usage.input_tokens, 242U);
  EXPECT_EQ(attempt.reply->provider, "peer");
  EXPECT_EQ(attempt.reply->model, "claude-x-20260101");
  EXPECT_EQ(attempt.reply->request_id, "req_1");
  EXPECT_GT(attempt.reply->seconds, 0);
  EXPECT_EQ(attempt.rates.requests.remaining, 7U);
  EXPECT_THAT(peer.requests()[0], StartsWith("POST /v1/messages HTTP/1.1\r\n"));
  EXPECT_THAT(peer.requests()[0], HasSubstr("x-api-key: sk-very-secret\r\n"));
  EXPECT_THAT(peer.requests()[0], HasSubstr("Content-Type: application/json\r\n"));
}

TEST(HttpModelEndpoint, EitherFormOfAnthropicsBaseUrlIsTaken) {
  ModelPeer peer{{stream_answer(testing::anthropic_stream())}};
  auto endpoint = endpoint_at<AnthropicMessages>(peer.url() + "/v1/");
  EXPECT_TRUE(endpoint.attempt(request_of("hi"), {}).reply);
  peer.join();
  EXPECT_THAT(peer.requests()[0], StartsWith("POST /v1/messages HTTP/1.1\r\n"));
}

TEST(HttpModelEndpoint, ChatCompletionsAnswer) {
  ModelPeer peer{{stream_answer(testing::chat_stream())}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url() + "/v1");
  const auto attempt = endpoint.attempt(request_of("hi"), {});
  peer.join();
  ASSERT_TRUE(attempt.reply) << attempt.reply.error().text();
  EXPECT_EQ(attempt.reply->text, "hello wörld");
  EXPECT_EQ(attempt.reply->request_id, "chatcmpl-1") << "without a header the body's id";
  EXPECT_FALSE(attempt.reply->usage.estimated);
  EXPECT_THAT(peer.requests()[0], StartsWith("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(peer.requests()[0], HasSubstr("Authorization: Bearer sk-very-secret\r\n"));
  EXPECT_FALSE(peer.body(0).contains("temperature"));
}

TEST(HttpModelEndpoint, ResponsesAnswer) {
  ModelPeer peer{{stream_answer(testing::responses_stream())}};
  auto endpoint = endpoint_at<OpenAiResponses>(peer.url() + "/v1");
  const auto attempt = endpoint.attempt(request_of("hi"), {});
  peer.join();
  ASSERT_TRUE(attempt.reply) << attempt.reply.error().text();
  EXPECT_EQ(attempt.reply->text, "hello wörld");
  EXPECT_THAT(peer.requests()[0], StartsWith("POST /v1/responses HTTP/1.1\r\n"));
}

TEST(HttpModelEndpoint, RefusedParametersAreAdaptedOneByOneAndRemembered) {
  ModelPeer peer{
      {json_answer(400,
                   R"({"error":{"code":"unsupported_parameter","message":"'max_tokens' is not )"
                   R"(supported with this model. Use 'max_completion_tokens' instead."}})"),
       json_answer(400, R"({"error":{"param":"temperature","code":"unsupported_value",)"
                        R"("message":"'temperature' does not support 0.2"}})"),
       stream_answer(testing::chat_stream()), stream_answer(testing::chat_stream())}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url() + "/v1");
  ModelRequest request = request_of("hi");
  request.temperature = 0.2;
  ASSERT_TRUE(endpoint.attempt(request, {}).reply);
  ASSERT_TRUE(endpoint.attempt(request, {}).reply);
  peer.join();
  EXPECT_TRUE(peer.body(0).contains("max_tokens"));
  EXPECT_TRUE(peer.body(1).contains("max_completion_tokens"));
  EXPECT_TRUE(peer.body(1).contains("temperature"));
  EXPECT_FALSE(peer.body(2).contains("temperature"));
  EXPECT_EQ(peer.body(3), peer.body(2)) << "what was learnt stays";
}

TEST(HttpModelEndpoint, AContextThatIsNearlyFullIsNotRemembered) {
  ModelPeer peer{{json_answer(400, R"({"error":{"message":"input length and `max_tokens` exceed )"
                                   R"(context limit: 190000 + 32000 > 200000"}})"),
                  stream_answer(testing::anthropic_stream()),
                  stream_answer(testing::anthropic_stream())}};
  auto endpoint = endpoint_at<AnthropicMessages>(peer.url());
  ASSERT_TRUE(endpoint.attempt(request_of("long"), {}).reply);
  ASSERT_TRUE(endpoint.attempt(request_of("short"), {}).reply);
  peer.join();
  EXPECT_EQ(peer.body(1)["max_tokens"], 10'000);
  EXPECT_EQ(peer.body(2)["max_tokens"], 32'000);
}

TEST(HttpModelEndpoint, OneParameterIsNotAdaptedTwice) {
  const std::string words = R"({"error":{"message":"temperature is not supported"}})";
  ModelPeer peer{{json_answer(400, words), json_answer(400, words)}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  ModelRequest request = request_of("hi");
  request.temperature = 0.2;
  EXPECT_EQ(code_of(endpoint.attempt(request, {})), &model_errors::kRequestInvalid);
  peer.join();
  EXPECT_EQ(peer.requests().size(), 2U);
}

TEST(HttpModelEndpoint, ATooFastCallBringsItsWait) {
  ModelPeer peer{{json_answer(429,
                              R"({"type":"error","error":{"type":"rate_limit_error",)"
                              R"("message":"slow"}})",
                              "retry-after: 12\r\n")}};
  auto endpoint = endpoint_at<AnthropicMessages>(peer.url());
  const auto attempt = endpoint.attempt(request_of("hi"), {});
  EXPECT_EQ(code_of(attempt), &model_errors::kRateLimited);
  EXPECT_EQ(attempt.rates.retry_after, 12'000ms);
  EXPECT_THAT(attempt.reply.error().detail, HasSubstr("12000ms"));
  EXPECT_TRUE(attempt.usage.empty()) << "what is refused is not paid";
}

TEST(HttpModelEndpoint, TheKeyIsInNoError) {
  ModelPeer peer{{json_answer(401, R"({"error":{"message":"bad key sk-very-secret"}})"),
                  json_answer(400, R"({"error":{"message":"bad header sk-very-secret"}})"),
                  json_answer(500, "sk-very-secret")}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  for (int i = 0; i < 3; ++i) {
    const auto attempt = endpoint.attempt(request_of("hi"), {});
    ASSERT_FALSE(attempt.reply);
    EXPECT_THAT(attempt.reply.error().detail, Not(HasSubstr("sk-very-secret")));
  }
}

TEST(HttpModelEndpoint, AnErrorInsideAStreamIsAnErrorAndPaid) {
  const std::string stream = testing::anthropic_stream();
  const std::string half = stream.substr(0, stream.find("event: message_delta"));
  ModelPeer peer{{stream_answer(half + testing::event(R"({"type":"error","error":{)"
                                                      R"("type":"overloaded_error",)"
                                                      R"("message":"Overloaded"}})"))}};
  auto endpoint = endpoint_at<AnthropicMessages>(peer.url());
  const auto attempt = endpoint.attempt(request_of("hi"), {});
  EXPECT_EQ(code_of(attempt), &model_errors::kOverloaded);
  EXPECT_EQ(attempt.usage.input_tokens, 242U);
  EXPECT_EQ(attempt.usage.output_tokens, 5U) << "a token for each three bytes";
  EXPECT_TRUE(attempt.usage.estimated);
  EXPECT_THAT(metrics_text(), HasSubstr(counted("529"))) << "not as 200";
}

TEST(HttpModelEndpoint, ACutStreamIsAnErrorAndPaid) {
  const std::string stream = testing::chat_stream();
  const std::string half = stream.substr(0, stream.find("data: ", stream.find("wörld")));
  ModelPeer peer{{stream_answer(half), stream_answer(half, "Content-Length: 100000\r\n")}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  for (int i = 0; i < 2; ++i) {
    const auto attempt = endpoint.attempt(request_of("hello?"), {});
    EXPECT_EQ(code_of(attempt), &model_errors::kUnavailable);
    EXPECT_EQ(attempt.usage,
              (ModelUsage{.input_tokens = 2, .output_tokens = 4, .estimated = true}));
  }
  EXPECT_THAT(metrics_text(), HasSubstr(counted("UNAVAILABLE")));
}

TEST(HttpModelEndpoint, AWholeAnswerIsTakenEvenWhenItsConnectionBreaks) {
  ModelPeer peer{{stream_answer(testing::chat_stream(), "Content-Length: 100000\r\n")}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  EXPECT_TRUE(endpoint.attempt(request_of("hi"), {}).reply);
}

TEST(HttpModelEndpoint, MissingUsageIsReckonedFromBytes) {
  ModelPeer peer{{stream_answer(
      testing::chunk(R"({"choices":[{"delta":{"content":"123456"},"finish_reason":"stop"}]})"))}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  const auto attempt = endpoint.attempt(request_of("123"), {});
  ASSERT_TRUE(attempt.reply);
  EXPECT_EQ(attempt.reply->usage,
            (ModelUsage{.input_tokens = 1, .output_tokens = 2, .estimated = true}));
  EXPECT_EQ(attempt.reply->model, "model-x") << "the server named none";
}

TEST(HttpModelEndpoint, AnAnswerThatIsNoStreamIsAnError) {
  ModelPeer peer{
      {json_answer(200, R"({"error":{"message":"ctx","type":"exceed_context_size_error",)"
                        R"("code":400}})"),
       json_answer(200, R"({"object":"chat.completion","choices":[]})"),
       http_answer(413, "text/html", "<html><h1>413</h1></html>"),
       http_answer(502, "text/html", std::string(200'000, '<'))}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kContextTooLong);
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kRequestInvalid);
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kContextTooLong);
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kUnavailable);
}

TEST(HttpModelEndpoint, AStatusThatSaysItAllStandsWhenItsBodyIsCut) {
  ModelPeer peer{{json_answer(401, "{", "Content-Length: 1000\r\n")}};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kKeyRefused);
  EXPECT_THAT(metrics_text(), HasSubstr(counted("401")));
}

TEST(HttpModelEndpoint, AStopEndsACallUnderWay) {
  ModelPeer peer{[](TestSocket& connection) {
    connection.send(stream_answer(
        testing::chunk(R"({"choices":[{"delta":{"content":"and "},"finish_reason":null}]})")));
    connection.read_to_end();
  }};
  auto endpoint = endpoint_at<OpenAiChat>(peer.url());
  std::stop_source stop;
  ModelRequest request = request_of("hi");
  request.stop = stop.get_token();
  const auto attempt =
      endpoint.attempt(request, [&](const ModelProgress&) { stop.request_stop(); });
  EXPECT_EQ(code_of(attempt), &errors::kStopped);
  EXPECT_EQ(attempt.usage.output_tokens, 2U);
}

TEST(HttpModelEndpoint, TheDeadlineIsATimeoutAndAStalledStreamIsNot) {
  const auto stalls = [](TestSocket& connection) { connection.read_to_end(); };
  ModelPeer first{stalls};
  ModelRequest request = request_of("hi");
  request.deadline = system_clock.now() + 50ms;
  EXPECT_EQ(code_of(endpoint_at<OpenAiChat>(first.url()).attempt(request, {})), &errors::kTimeout);
  EXPECT_EQ(code_of(endpoint_at<OpenAiChat>(first.url()).attempt(request, {})), &errors::kTimeout)
      << "nothing is sent past the deadline";
  ModelPeer second{stalls};
  auto impatient = endpoint_at<OpenAiChat>(second.url(), 50ms);
  EXPECT_EQ(code_of(impatient.attempt(request_of("hi"), {})), &model_errors::kUnavailable);
}

TEST(HttpModelEndpoint, AServerThatIsNotThereIsUnavailable) {
  std::string url;
  {
    const podium::testing_support::TestListener listener;
    url = "http://127.0.0.1:" + std::to_string(listener.port());
  }
  auto endpoint = endpoint_at<OpenAiChat>(url);
  EXPECT_EQ(code_of(endpoint.attempt(request_of("hi"), {})), &model_errors::kUnavailable);
  auto nonsense = endpoint_at<OpenAiChat>("gopher://x");
  EXPECT_EQ(code_of(nonsense.attempt(request_of("hi"), {})), &model_errors::kModelUnknown);
}

TEST(HttpModelEndpoint, ARequestThatNoVendorTakesIsNotSent) {
  auto endpoint = endpoint_at<OpenAiChat>("http://127.0.0.1:1");
  std::vector<ModelRequest> bad(6, request_of("hi"));
  bad[0].model.clear();
  bad[1].messages.clear();
  bad[2].messages[0].text.clear();
  bad[3].messages[0].role = Role::assistant;
  bad[4].messages.push_back({.role = Role::assistant, .text = "```python"});
  bad[5].max_output_tokens = 0;
  for (const ModelRequest& request : bad) {
    EXPECT_EQ(code_of(endpoint.attempt(request, {})), &model_errors::kRequestInvalid);
  }
}

}  // namespace
}  // namespace podium::codegen::models
