#include "libs/chassis/bus/event_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

v1::Event sample() {
  v1::Event event;
  event.set_id("job-1/scrape_failed/1");
  event.set_job_id("job-1");
  event.set_producer("scraper");
  event.mutable_time()->set_seconds(1'795'000'000);
  event.mutable_trace()->set_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  event.mutable_trace()->set_tracestate("vendor=a b,other=1");
  event.mutable_scrape_failed();
  return event;
}

TEST(EventHeaders, AreCloudEventsAttributes) {
  const auto headers = headers_of(sample());
  EXPECT_THAT(headers, Contains(Pair("ce-specversion", "1.0")));
  EXPECT_THAT(headers, Contains(Pair("ce-id", "job-1/scrape_failed/1")));
  EXPECT_THAT(headers, Contains(Pair("ce-type", "podium.job.scrape_failed.v1")));
  EXPECT_THAT(headers, Contains(Pair("ce-source", "/podium/scraper")));
  EXPECT_THAT(headers, Contains(Pair("ce-subject", "job-1")));
  EXPECT_THAT(headers, Contains(Pair("ce-time", "2026-11-18T11:06:40.000Z")));
  EXPECT_THAT(headers, Contains(Pair("ce-datacontenttype", "application/protobuf")));
  EXPECT_THAT(headers, Contains(Pair("ce-dataschema", "urn:podium:schema:podium.v1.Event")));
}

TEST(EventHeaders, CarryTheTraceInLowerCaseAndUntouched) {
  const auto headers = headers_of(sample());
  EXPECT_THAT(headers, Contains(Pair("traceparent",
                                     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
  EXPECT_THAT(headers, Contains(Pair("tracestate", "vendor=a b,other=1")));
}

TEST(EventHeaders, LeaveOutATraceThatWouldBreakTheProtocol) {
  auto event = sample();
  event.mutable_trace()->set_traceparent("");
  event.mutable_trace()->set_tracestate("a=1\r\nNats-Msg-Id: forged");
  const auto headers = headers_of(event);
  EXPECT_THAT(headers, Not(Contains(Key("traceparent"))));
  EXPECT_THAT(headers, Not(Contains(Key("tracestate"))));
}

TEST(EventHeaders, EncodeWhatAHeaderValueMayNotHold) {
  EXPECT_EQ(header_value("plain/value-1"), "plain/value-1");
  EXPECT_EQ(header_value("a b%\"\r\n"), "a%20b%25%22%0D%0A");
  EXPECT_EQ(header_value("\xc3\xa4"), "%C3%A4");
}

}  // namespace
}  // namespace podium
