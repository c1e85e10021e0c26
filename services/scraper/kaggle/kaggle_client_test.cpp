#include "services/scraper/kaggle/kaggle_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "libs/chassis/metrics.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/kaggle/kaggle_testing.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
namespace reasons = competition::reasons;

class KaggleClientTest : public testing::KaggleServers {
 protected:
  Result<json> ask() { return client().ask("GetCompetition", "titanic", {{"a", 1}}, {}); }
};

TEST_F(KaggleClientTest, ACallIsAPostWithJsonAndTheToken) {
  on_call = [](const HttpRequest&) { return json_answer(200, R"({"title":"Titanic"})"); };
  const auto answer = ask();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("title"), "Titanic");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/v1/competitions.CompetitionApiService/GetCompetition");
  EXPECT_EQ(requests[0].body, R"({"a":1})");
  EXPECT_EQ(requests[0].header("authorization"), "Bearer a-token");
}

TEST_F(KaggleClientTest, CookiesAreNotSentBack) {
  on_call = [](const HttpRequest&) {
    auto answer = json_answer(200, "{}");
    answer.headers = {{"Set-Cookie", "ka_sessionid=abc"}};
    return answer;
  };
  auto kaggle = client();
  ASSERT_TRUE(kaggle.ask("GetCompetition", "titanic", {}, {}));
  ASSERT_TRUE(kaggle.ask("GetCompetition", "titanic", {}, {}));
  for (const auto& request : requests) EXPECT_EQ(request.header("cookie"), "");
}

TEST_F(KaggleClientTest, A429IsRepeatedAfterTheWaitThatIsAskedFor) {
  on_call = [this](const HttpRequest&) {
    if (requests.size() > 2) return json_answer(200, "{}");
    auto answer = json_answer(429, R"({"code":429,"message":"TooManyRequests"})");
    answer.headers = {{"Retry-After", "7"}};
    return answer;
  };
  ASSERT_TRUE(ask());
  EXPECT_EQ(waits, (std::vector<std::chrono::milliseconds>{7s, 7s}));
  EXPECT_THAT(metrics_text(),
              ::testing::HasSubstr("podium_vendor_calls_total{code=\"429\",operation="
                                   "\"GetCompetition\",vendor=\"kaggle\"}"))
      << "each attempt counts";
}

TEST_F(KaggleClientTest, TheWholeWaitIsBounded) {
  on_call = [](const HttpRequest&) {
    auto answer = json_answer(429, "{}");
    answer.headers = {{"Retry-After", "1800"}};
    return answer;
  };
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleRateLimited));
  EXPECT_TRUE(waits.empty());
}

TEST_F(KaggleClientTest, ServerErrorsAreRepeatedWithAGrowingDelayAndThenTold) {
  on_call = [](const HttpRequest&) {
    return json_answer(500, R"({"code":500,"message":"Internal error"})");
  };
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
  EXPECT_EQ(requests.size(), static_cast<std::size_t>(kKaggleTriesMax));
  EXPECT_TRUE(std::ranges::is_sorted(waits));
}

TEST_F(KaggleClientTest, ARefusalIsNotRepeated) {
  on_call = [](const HttpRequest&) {
    return json_answer(200, R"({"code":401,"message":"Unauthorized"})");
  };
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleAuth));
  EXPECT_EQ(requests.size(), 1U);
  EXPECT_FALSE(refused.error().detail.contains("a-token"));
}

TEST_F(KaggleClientTest, ACredentialThatKaggleRepeatsIsCutOut) {
  on_call = [](const HttpRequest&) {
    return json_answer(400, R"({"code":400,"message":"a-token may not do this"})");
  };
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("… may not do this"));
  on_call = [](const HttpRequest&) {
    return json_answer(401, R"({"code":401,"message":"no such token: A-TOKEN"})");
  };
  EXPECT_EQ(ask().error().detail.find("TOKEN"), std::string::npos);
}

TEST_F(KaggleClientTest, WhatIsNoJsonIsTold) {
  on_call = [](const HttpRequest&) {
    return HttpResponse{.content_type = "text/html", .body = "<html>Sign in</html>"};
  };
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
}

TEST(KaggleDelay, IsAtLeastOurOwn) {
  EXPECT_EQ(kaggle_delay(1, "", {}), 500ms);
  EXPECT_EQ(kaggle_delay(2, "", {}), 850ms);
  EXPECT_EQ(kaggle_delay(1, "0", {}), 500ms);
  EXPECT_EQ(kaggle_delay(1, "3", {}), 3s);
}

}  // namespace
}  // namespace podium::scraper
