#include "libs/chassis/bus/jetstream_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/bus/connection.hpp"
#include "libs/chassis/bus/nats_error.hpp"

namespace podium::jetstream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Error refused(int code, int number, std::string_view text) {
  return jetstream_error({.status = code, .number = number, .description = text}, "subject");
}

TEST(JetStreamApi, ReadsAPublishAck) {
  const auto ack = parse_publish_ack(R"({"stream":"JOBS","seq":7,"duplicate":true})", "s");
  ASSERT_TRUE(ack.has_value());
  EXPECT_EQ(ack->sequence, 7U);
  EXPECT_TRUE(ack->duplicate);
  EXPECT_FALSE(parse_publish_ack(R"({"stream":"JOBS","seq":8})", "s")->duplicate);
}

TEST(JetStreamApi, AnAnswerOfAnotherShapeIsNoAnswer) {
  for (const auto* const answer : {"", "no", "[]", "{}", R"({"seq":"x"})"}) {
    EXPECT_TRUE(parse_publish_ack(answer, "s").error().is(errors::kUnavailable)) << answer;
  }
}

TEST(JetStreamApi, AnErrorReplyIsItsError) {
  const auto refusal = parse_publish_ack(
      R"({"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 3"},"seq":0})",
      "podium.x");
  ASSERT_FALSE(refusal.has_value());
  EXPECT_TRUE(refusal.error().is(errors::kDoneAlready));
  EXPECT_THAT(refusal.error().detail, HasSubstr("podium.x"));
  EXPECT_THAT(refusal.error().detail, HasSubstr("10071"));
}

TEST(JetStreamApi, TellsAFullStreamFromADiskThatFails) {
  EXPECT_TRUE(refused(503, 10077, "maximum messages exceeded").is(errors::kFull));
  EXPECT_TRUE(refused(503, 10077, "maximum messages per subject exceeded").is(errors::kFull));
  EXPECT_TRUE(refused(503, 10077, "maximum bytes exceeded").is(errors::kFull));
  EXPECT_TRUE(refused(503, 10077, "no space left on device").is(errors::kUnavailable));
}

TEST(JetStreamApi, KnowsTheOtherErrors) {
  EXPECT_TRUE(refused(400, 10054, "message size exceeds maximum").is(errors::kTooLarge));
  EXPECT_TRUE(refused(404, 10059, "stream not found").is(errors::kNotFound));
  EXPECT_TRUE(refused(404, 10014, "consumer not found").is(errors::kNotFound));
  EXPECT_TRUE(refused(503, 10039, "JetStream not enabled").is(errors::kUnavailable));
  EXPECT_TRUE(refused(500, 10047, "insufficient storage").is(errors::kFull));
  EXPECT_TRUE(refused(500, 10001, "what else").is(errors::kInternal));
}

TEST(JetStreamApi, ReadsAStreamsState) {
  const auto state =
      parse_stream_state(R"({"created":"2026-11-22T08:30:51Z","config":{},)"
                         R"("state":{"messages":3,"bytes":120,"first_seq":5,"last_seq":9}})",
                         "JOBS");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->messages, 3U);
  EXPECT_EQ(state->bytes, 120U);
  EXPECT_EQ(state->first_sequence, 5U);
  EXPECT_EQ(state->last_sequence, 9U);
  EXPECT_EQ(state->created, "2026-11-22T08:30:51Z");
}

TEST(JetStreamApi, ReadsSubjects) {
  EXPECT_THAT(*parse_subjects(R"({"state":{"subjects":{"$KV.b.x":1,"$KV.b.y":1}}})", "KV_b"),
              ElementsAre("$KV.b.x", "$KV.b.y"));
  EXPECT_THAT(*parse_subjects(R"({"state":{"subjects":null}})", "KV_b"), IsEmpty());
  EXPECT_THAT(*parse_subjects(R"({"state":{}})", "KV_b"), IsEmpty());
}

TEST(RefusedSubject, IsTheQuotedPartOfAViolation) {
  EXPECT_EQ(refused_subject(R"(Permissions Violation for Publish to "podium.x")"), "podium.x");
  EXPECT_EQ(refused_subject(R"(permissions Violation for Subscription to "a.>" using queue "q")"),
            "a.>");
  EXPECT_EQ(refused_subject(R"(Slow consumer on "podium.x")"), "");
  EXPECT_EQ(refused_subject("Permissions Violation for Publish to \"podium"), "");
  EXPECT_EQ(refused_subject(""), "");
}

}  // namespace
}  // namespace podium::jetstream
