#include "services/notifier/webhook_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/notifier/testing/ended_job.hpp"

namespace podium::notifier {
namespace {

using nlohmann::json;
using testing::ended_event;
using testing::kEndedAt;
using testing::kJob;
using testing::link_options;
using testing::requested_event;

json body_of(const v1::Event& ended) {
  return json::parse(webhook_body(job_end_of(requested_event(), ended, link_options(), kEndedAt)));
}

TEST(WebhookBody, SaysWhatTheStatusSays) {
  const auto body = body_of(ended_event());
  EXPECT_EQ(body.at("type"), "job.ended");
  EXPECT_EQ(body.at("id"), kJob + "/ended/1");
  EXPECT_EQ(body.at("job_id"), kJob);
  EXPECT_EQ(body.at("competition_name"), "titanic");
  EXPECT_EQ(body.at("status"), "success");
  EXPECT_EQ(body.at("completed_at"), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(body.at("score"), json::parse(R"({"metric":"accuracy","value":0.84,
                                              "direction":"maximize","kind":"trusted"})"));
  EXPECT_EQ(body.at("submission").at("bytes"), 2'839);
  EXPECT_EQ(body.at("links").at("self"), "https://podium.example/prod/status/" + kJob);
  EXPECT_THAT(body.at("links").at("result").get<std::string>(),
              ::testing::StartsWith("https://podium.example/prod/result/" + kJob));
  EXPECT_EQ(body.at("links").at("result_expires_at"), "2023-11-15T22:13:20.000Z");
}

TEST(WebhookBody, WhatIsNotThereIsNull) {
  auto ended = ended_event();
  ended.mutable_ended()->clear_submission();
  ended.mutable_ended()->clear_score();
  const auto body = body_of(ended);
  EXPECT_TRUE(body.at("score").is_null());
  EXPECT_TRUE(body.at("submission").is_null());
  EXPECT_TRUE(body.at("links").at("result").is_null());
}

TEST(WebhookBody, BytesThatAreNoTextDoNotEndIt) {
  auto end = job_end_of(requested_event(), ended_event(), link_options(), kEndedAt);
  end.competition = "a\xff";
  EXPECT_EQ(json::parse(webhook_body(end)).at("competition_name"), "a\uFFFD");
}

// printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac 'a key of sixteen bytes'
TEST(WebhookSignature, IsTheHmacOverTimeAndBody) {
  EXPECT_EQ(webhook_signature("{}", kEndedAt, Secret{"a key of sixteen bytes"}),
            "t=1700000000,v1=702b8a1b9ce164c29f74478f9587cacabf403bddc76ab696cb0d60dcd44e6105");
}

}  // namespace
}  // namespace podium::notifier
