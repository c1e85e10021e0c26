#include "services/tracker/recorded.hpp"

#include <gtest/gtest.h>

#include "services/tracker/testing/job_script.hpp"

namespace podium::tracker {
namespace {

constexpr const char* kRecordedJob = "01935d3e-0000-7000-8000-000000000001";

TEST(Recorded, AnEventOnItsSubjectKeepsItsOwnTime) {
  testing::JobScript script{kRecordedJob};
  const auto message = testing::recorded(script.requested(), 1);
  ASSERT_TRUE(message.event.has_value());
  EXPECT_EQ(message.subject, std::string{"podium.jobs."} + kRecordedJob + ".requested");
  EXPECT_EQ(to_sql(message.time), "2026-11-22 08:30:51.123456+00");
}

TEST(Recorded, AnEventWithoutATimeTakesTheBrokers) {
  testing::JobScript script{kRecordedJob};
  auto& event = script.requested();
  event.clear_time();
  EXPECT_EQ(testing::recorded(event, 1).time, testing::stream_created());
}

TEST(Recorded, ReplayGivesWhatRecordGave) {
  testing::JobScript script{kRecordedJob};
  auto& event = script.requested();
  event.clear_time();
  const auto first = testing::recorded(event, 1);
  const auto again = replay(first.at, first.subject, first.raw, first.time);
  EXPECT_EQ(again.time, first.time);
  EXPECT_EQ(again.subject, first.subject);
  EXPECT_EQ(again.event->SerializeAsString(), first.event->SerializeAsString());
}

TEST(Recorded, WhatIsNoEventSaysWhy) {
  const auto message =
      record({testing::stream_created(), 1}, "podium.jobs.x.y", "\xff", testing::stream_created());
  EXPECT_FALSE(message.event.has_value());
  EXPECT_EQ(message.problem, "undecodable");
  EXPECT_EQ(message.time, testing::stream_created());
}

TEST(Storable, GoodTextStaysAsItIs) {
  EXPECT_EQ(storable("a\n\täöü 日本 😀\"'\\"), "a\n\täöü 日本 😀\"'\\");
}

TEST(Storable, NulAndBytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(storable(std::string_view{"a\0b", 3}),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(storable("a\xff"
                     "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(storable("a\xe2\x82"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(storable("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace podium::tracker
