#include "services/gateway/run_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kTitanic = "https://www.kaggle.com/competitions/titanic";

RunRequest accepted(const RunRequestInput& input) {
  auto parsed = parse_run_request(input);
  EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().front().detail);
  return parsed.value_or(RunRequest{});
}

std::vector<std::string> refused(const RunRequestInput& input) {
  const auto parsed = parse_run_request(input);
  std::vector<std::string> pointers;
  if (parsed) return pointers;
  for (const FieldError& error : parsed.error()) pointers.push_back(error.pointer);
  return pointers;
}

RunRequestInput body(std::string text) {
  return {.query = {}, .body = std::move(text), .idempotency_key = {}, .sends_mail = false};
}
RunRequestInput query(std::multimap<std::string, std::string> values) {
  return {.query = std::move(values), .body = {}, .idempotency_key = {}, .sends_mail = false};
}

TEST(RunRequest, QueryNamesTheCompetition) {
  const auto request = accepted(query({{"url", kTitanic}}));
  EXPECT_EQ(request.competition.kaggle_url(), kTitanic);
  EXPECT_EQ(request.competition.slug(), "titanic");
  EXPECT_THAT(request.warnings, IsEmpty());
}

TEST(RunRequest, BodyNamesTheCompetitionInEachOfItsWays) {
  for (const auto* text :
       {R"({"kaggle_url":"https://www.kaggle.com/competitions/titanic"})",
        R"({"url":"https://www.kaggle.com/c/titanic"})", R"({"competition":"titanic"})"}) {
    EXPECT_EQ(accepted(body(text)).competition.slug(), "titanic") << text;
  }
}

TEST(RunRequest, FolderIsACompetition) {
  const std::string sha(64, 'a');
  const auto request = accepted(body(R"({"folder_sha256":")" + sha + R"("})"));
  EXPECT_EQ(request.competition.folder_sha256(), sha);
  EXPECT_EQ(request.competition.slug(), "");
}

TEST(RunRequest, FolderAndAddressTogetherAreRefused) {
  const std::string sha(64, 'a');
  EXPECT_THAT(refused(body(R"({"url":"titanic","folder_sha256":")" + sha + R"("})")),
              ElementsAre("/folder_sha256"));
}

TEST(RunRequest, WithoutACompetitionIsRefused) {
  EXPECT_THAT(refused(body("")), ElementsAre("/kaggle_url"));
  EXPECT_THAT(refused(body("{}")), ElementsAre("/kaggle_url"));
}

TEST(RunRequest, QueryAndBodyThatMeanTheSameAreAccepted) {
  auto input = body(R"({"competition":"titanic","max_time":300})");
  input.query = {{"url", kTitanic}, {"max_time", "5m"}};
  EXPECT_EQ(accepted(input).options.time_seconds_max(), 300U);
}

TEST(RunRequest, QueryAndBodyThatDifferAreRefused) {
  auto input = body(R"({"competition":"titanic","max_time":"5m"})");
  input.query = {{"url", "house-prices"}, {"max_time", "6m"}};
  EXPECT_THAT(refused(input), ElementsAre("/competition", "/max_time"));
}

TEST(RunRequest, EveryWrongFieldIsNamedAtOnce) {
  EXPECT_THAT(
      refused(body(R"({"url":"titanic","priority":9,"resources":{"cpu":"4x","memory":"8Gi"}})")),
      ElementsAre("/priority", "/resources/cpu"));
}

TEST(RunRequest, BodyThatIsNoObjectIsRefused) {
  EXPECT_THAT(refused(body("[1]")), ElementsAre(""));
  EXPECT_THAT(refused(body("{\"url\":")), ElementsAre(""));
  EXPECT_THAT(refused(body(R"({"url":["titanic"]})")), Contains("/url"));
}

TEST(RunRequest, BudgetAndResourcesMayStandInGroups) {
  const auto request = accepted(body(
      R"({"url":"titanic","budget":{"max_candidates":3,"max_cost":1.5},"resources":{"cpu":4}})"));
  EXPECT_EQ(request.options.candidates_max(), 3U);
  EXPECT_EQ(request.options.cost_micro_usd_max(), 1'500'000);
  EXPECT_EQ(request.options.resources().cpu_milli(), 4'000U);
}

TEST(RunRequest, UnknownFieldsAreLeftOutWithAWarning) {
  const auto request = accepted(body(R"({"url":"titanic","colour":"red"})"));
  EXPECT_THAT(request.warnings, ElementsAre(HasSubstr("colour")));
}

TEST(RunRequest, UnknownFieldsWithOddNamesAreNotSaidBack) {
  const auto request = accepted(body(R"({"url":"titanic","<script>":"x"})"));
  EXPECT_THAT(request.warnings, ElementsAre(::testing::Not(HasSubstr("<"))));
}

TEST(RunRequest, MailWithoutAMailServerIsToldNotDropped) {
  const auto request = accepted(query({{"url", kTitanic}, {"email", "a@example.com"}}));
  EXPECT_EQ(request.options.notify_email(), "a@example.com");
  EXPECT_THAT(request.warnings, ElementsAre(HasSubstr("mail")));
}

TEST(RunRequest, MailWithAMailServerIsNoMatter) {
  auto input = query({{"url", kTitanic}, {"email", "a@example.com"}});
  input.sends_mail = true;
  EXPECT_THAT(accepted(input).warnings, IsEmpty());
}

TEST(RunRequest, WhoIsToBeToldIsTakenFromQueryAndBody) {
  const auto by_query =
      accepted(query({{"url", kTitanic}, {"webhook", "https://a.example/h?x=1"}}));
  EXPECT_EQ(by_query.options.notify_webhook(), "https://a.example/h?x=1");
  EXPECT_THAT(by_query.warnings, IsEmpty());
  const auto by_body = accepted(
      body(R"({"url":"titanic","webhook":"http://a.example:8080","email":"a@b.example"})"));
  EXPECT_EQ(by_body.options.notify_webhook(), "http://a.example:8080");
  EXPECT_EQ(by_body.options.notify_email(), "a@b.example");
}

TEST(RunRequest, WhoCannotBeToldIsNamed) {
  for (const auto* email :
       {"a", "a@b", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example"}) {
    EXPECT_THAT(refused(query({{"url", kTitanic}, {"email", email}})), ElementsAre("?email"));
  }
  for (const auto* webhook : {"a.example", "ftp://a.example", "file:///etc/passwd", "http://"}) {
    EXPECT_THAT(refused(query({{"url", kTitanic}, {"webhook", webhook}})), ElementsAre("?webhook"));
  }
  EXPECT_THAT(refused(body(R"({"url":"titanic","webhook":"x","email":"y"})")),
              ::testing::UnorderedElementsAre("/webhook", "/email"));
}

TEST(RunRequest, HeaderAndRunIdAreOneKey) {
  auto input = body(R"({"url":"titanic","run_id":"k1"})");
  EXPECT_EQ(accepted(input).idempotency_key, "k1");
  input.idempotency_key = "k1";
  EXPECT_EQ(accepted(input).idempotency_key, "k1");
  input.idempotency_key = "k2";
  EXPECT_THAT(refused(input), ElementsAre("Idempotency-Key"));
}

TEST(RunRequest, HashIsTheSameHoweverItWasSpelled) {
  const auto by_query = accepted(query({{"url", kTitanic}, {"max_time", "5m"}}));
  const auto by_body = accepted(body(R"({"competition":"titanic","max_time":300})"));
  const auto other = accepted(body(R"({"competition":"titanic","max_time":301})"));
  EXPECT_EQ(by_query.sha256, by_body.sha256);
  EXPECT_NE(by_query.sha256, other.sha256);
}

TEST(RunRequest, HashDoesNotDependOnTheKey) {
  const auto first = accepted(body(R"({"url":"titanic","run_id":"k1"})"));
  const auto second = accepted(body(R"({"url":"titanic","run_id":"k2"})"));
  EXPECT_EQ(first.sha256, second.sha256);
}

TEST(RunRequest, AFolderCannotBeSubmitted) {
  const std::string folder = R"("folder_sha256":")" + std::string(64, 'a') + "\"";
  for (const auto* mode : {"best", "manual"}) {
    const auto refused = parse_run_request({.query = {},
                                            .body = "{" + folder + R"(,"submit":")" + mode + "\"}",
                                            .idempotency_key = {}});
    ASSERT_FALSE(refused) << mode;
    EXPECT_EQ(refused.error().front().pointer, "/submit");
  }
  EXPECT_TRUE(parse_run_request(
      {.query = {}, .body = "{" + folder + R"(,"submit":"never"})", .idempotency_key = {}}));
}

TEST(RunRequest, SubmitIsTakenWithoutAWarning) {
  const auto request = parse_run_request(
      {.query = {}, .body = R"({"url":"titanic","submit":"best"})", .idempotency_key = {}});
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->warnings.empty());
}

}  // namespace
}  // namespace podium::gateway
