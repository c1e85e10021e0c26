// Publishing events into a real nats-server.
#include "libs/chassis/bus/event_publisher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <nlohmann/json.hpp>

#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/trace.hpp"

namespace podium {
namespace {

using testing::ended_event;
using ::testing::HasSubstr;
using testing::kTestJob;
using testing::progressed_event;
using testing::TestBroker;

constexpr auto kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

std::string decode_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  return bytes;
}

class EventPublisherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    broker_.make_stream("JOBS", "podium.jobs.>", R"(,"duplicate_window":100000000)");
  }
  v1::Event stored(std::uint64_t sequence) {
    return parse_event(broker_.bus().message_at("JOBS", sequence).value()->data).value();
  }
  std::string stored_headers(std::uint64_t sequence) {
    const auto answer =
        broker_.api("STREAM.MSG.GET.JOBS", nlohmann::json{{"seq", sequence}}.dump());
    return decode_base64(nlohmann::json::parse(answer)["message"]["hdrs"].get<std::string>());
  }

  TestBroker broker_;
  EventPublisher publisher_{broker_.bus(), "codegen"};
};

TEST_F(EventPublisherTest, FillsInProducerTimeAndTrace) {
  auto event = progressed_event("fetching");
  event.clear_time();
  event.mutable_trace()->set_traceparent(kTrace);
  ASSERT_TRUE(publisher_.publish(event));
  const auto sent = stored(1);
  EXPECT_EQ(sent.producer(), "codegen");
  EXPECT_TRUE(sent.has_time());
  EXPECT_EQ(trace_id_of(sent.trace().traceparent()), trace_id_of(kTrace));
  EXPECT_NE(sent.trace().traceparent(), kTrace) << "the span of the publish is the new parent";
}

TEST_F(EventPublisherTest, AGivenParentGoesBeforeTheEventsOwnTrace) {
  auto event = progressed_event("fetching");
  event.mutable_trace()->set_traceparent(kTrace);
  const std::string parent = "00-11111111111111111111111111111111-2222222222222222-01";
  ASSERT_TRUE(publisher_.publish(event, parent));
  EXPECT_EQ(trace_id_of(stored(1).trace().traceparent()), trace_id_of(parent));
}

TEST_F(EventPublisherTest, KeepsWhatTheEventSaysOfItself) {
  auto event = progressed_event("fetching");
  event.set_producer("scraper");
  event.mutable_time()->set_seconds(1'795'000'000);
  ASSERT_TRUE(publisher_.publish(event));
  EXPECT_EQ(stored(1).producer(), "scraper");
  EXPECT_EQ(stored(1).time().seconds(), 1'795'000'000);
}

TEST_F(EventPublisherTest, SendsIdTraceAndCloudEventsHeaders) {
  ASSERT_TRUE(publisher_.publish(ended_event()));
  const auto headers = stored_headers(1);
  EXPECT_THAT(headers, HasSubstr("Nats-Msg-Id: " + ended_event().id()));
  EXPECT_THAT(headers, HasSubstr("Nats-Expected-Last-Subject-Sequence: 0"));
  EXPECT_THAT(headers, HasSubstr("\r\ntraceparent: " + stored(1).trace().traceparent()));
  EXPECT_THAT(headers, HasSubstr("ce-type: podium.job.ended.v1"));
}

TEST_F(EventPublisherTest, WhatHappensOnceIsADuplicateHoweverLate) {
  ASSERT_TRUE(publisher_.publish(ended_event()));
  for (int i = 0; i < 40; ++i) {  // goes on beyond the duplicate window of 100 ms
    const auto again = publisher_.publish(ended_event());
    ASSERT_TRUE(again.has_value()) << again.error().text();
    EXPECT_TRUE(again->duplicate);
    ASSERT_TRUE(broker_.bus().publish("podium.jobs.x.tick", "", {}));
  }
  auto other = ended_event();
  other.set_id(other.id() + "-other");
  EXPECT_TRUE(publisher_.publish(other)->duplicate) << "the subject counts, not the id";
  EXPECT_EQ(broker_.bus().last_message("JOBS", subject_of(other).value()).value()->sequence, 1U);
}

TEST_F(EventPublisherTest, PublishAsItIsSendsTheSameBytes) {
  auto event = ended_event();
  event.mutable_trace()->set_traceparent(kTrace);
  ASSERT_TRUE(publisher_.publish_as_is(event));
  EXPECT_EQ(broker_.bus().message_at("JOBS", 1).value()->data, event.SerializeAsString());
  EXPECT_THAT(stored_headers(1), HasSubstr(std::string{"traceparent: "} + kTrace));
}

TEST_F(EventPublisherTest, RefusesWhatIsTooLarge) {
  const auto event = progressed_event(std::string(kEventBytesMax, 'x'));
  EXPECT_TRUE(publisher_.publish(event).error().is(errors::kTooLarge));
}

TEST_F(EventPublisherTest, RefusesAnEventWithoutIdPayloadOrJob) {
  auto nameless = ended_event();
  nameless.clear_id();
  EXPECT_TRUE(publisher_.publish(nameless).error().is(errors::kInvalid));
  auto empty = ended_event();
  empty.clear_ended();
  EXPECT_TRUE(publisher_.publish(empty).error().is(errors::kInvalid));
  auto jobless = ended_event();
  jobless.clear_job_id();
  EXPECT_TRUE(publisher_.publish_as_is(jobless).error().is(errors::kInvalid));
}

}  // namespace
}  // namespace podium
