#include "services/gateway/steering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

using ::testing::ElementsAre;

v1::Event asked() {
  v1::Event event;
  event.set_job_id("01890000-0000-7000-8000-000000000000");
  event.set_tenant("ada");
  auto& requested = *event.mutable_requested();
  requested.mutable_competition()->set_slug("titanic");
  requested.mutable_options()->set_candidates_max(7);
  requested.set_idempotency_key("old");
  requested.set_request_sha256("old");
  requested.add_warnings("mind the gap");
  return event;
}

std::string pointer_of(const std::expected<std::string, FieldErrors>& parsed) {
  return parsed ? "" : parsed.error().front().pointer;
}

TEST(Hint, IsAText) {
  EXPECT_EQ(parse_hint(R"({"text": " try CatBoost\n"})").value(), "try CatBoost");
  EXPECT_EQ(parse_hint(R"({"text": "a\u001b[31mb\u0000c"})").value(), "a[31mbc");
}

TEST(Hint, EmptyLongAndOtherBodiesAreRefused) {
  const std::string longest(kHintBytesMax, 'x');
  EXPECT_TRUE(parse_hint(R"({"text": ")" + longest + "\"}").has_value());
  for (const auto& body : {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"{}"},
                           std::string{R"({"text": 7})"}, std::string{R"({"text": ""})"},
                           std::string{R"({"text": " \n\t "})"}, R"({"text": ")" + longest + "x\"}",
                           std::string{"{\"text\": \"\xff\"}"}}) {
    EXPECT_EQ(pointer_of(parse_hint(body)), "/text") << body;
  }
}

TEST(Hint, TheSameTextIsTheSameEventAndAnotherIsAnother) {
  const auto first = hinted_event(asked(), "ada", "try CatBoost");
  EXPECT_EQ(first.id(), hinted_event(asked(), "ada", "try CatBoost").id());
  EXPECT_NE(first.id(), hinted_event(asked(), "ada", "try XGBoost").id());
  EXPECT_TRUE(first.id().starts_with(asked().job_id() + "/hinted/"));
  EXPECT_EQ(first.subject_id(), "");
  EXPECT_EQ(first.tenant(), "ada");
  EXPECT_EQ(first.hinted().text(), "try CatBoost");
  EXPECT_EQ(first.hinted().who(), "ada");
}

TEST(Retry, AsksForTheSameUnderANewKey) {
  const auto again = parse_retry({.body = "", .idempotency_key = "new"}, asked());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->competition.slug(), "titanic");
  EXPECT_EQ(again->options.candidates_max(), 7U);
  EXPECT_EQ(again->idempotency_key, "new");
  EXPECT_EQ(again->retried_from, asked().job_id());
  EXPECT_EQ(again->from_stage, "scraping");
  EXPECT_THAT(again->warnings, ElementsAre()) << "those of the first attempt are its own";
  EXPECT_EQ(parse_retry({}, asked())->idempotency_key, "");
}

TEST(Retry, StagesAreScrapingAndSearchAndMakeDifferentRequests) {
  const auto from = [](const std::string& body) { return parse_retry({.body = body}, asked()); };
  const auto search = from(R"({"from_stage": "search"})");
  ASSERT_TRUE(search.has_value());
  EXPECT_EQ(search->from_stage, "search");
  EXPECT_EQ(from(R"({"from_stage": null})")->from_stage, "scraping");
  EXPECT_NE(search->sha256, from("{}")->sha256);
  EXPECT_EQ(search->sha256, from(R"({"from_stage":"search"})")->sha256);
  for (const auto* body : {R"({"from_stage": "execution"})", R"({"from_stage": 3})"}) {
    const auto refused = from(body);
    ASSERT_FALSE(refused.has_value()) << body;
    EXPECT_EQ(refused.error().front().pointer, "/from_stage");
  }
  EXPECT_FALSE(from("[]").has_value());
}

TEST(Retry, KeyThatIsNoneIsRefused) {
  const auto refused = parse_retry({.body = "", .idempotency_key = "a\x01"}, asked());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().front().pointer, "Idempotency-Key");
}

}  // namespace
}  // namespace podium::gateway
