#include "services/tracker/moment.hpp"

#include <gtest/gtest.h>

namespace podium::tracker {
namespace {

google::protobuf::Timestamp timestamp(std::int64_t seconds, std::int32_t nanos) {
  google::protobuf::Timestamp time;
  time.set_seconds(seconds);
  time.set_nanos(nanos);
  return time;
}

TEST(Moment, IsATimestampCutToMicroseconds) {
  const auto moment = moment_of(timestamp(1'795'336'251, 123'456'789));
  ASSERT_TRUE(moment.has_value());
  EXPECT_EQ(to_sql(*moment), "2026-11-22 08:30:51.123456+00");
}

TEST(Moment, ATimestampThatIsUnsetOrOutOfRangeIsNone) {
  EXPECT_FALSE(moment_of(timestamp(0, 0)).has_value());
  EXPECT_FALSE(moment_of(timestamp(253'402'300'800, 0)).has_value());
  EXPECT_FALSE(moment_of(timestamp(-62'135'596'801, 0)).has_value());
  EXPECT_FALSE(moment_of(timestamp(1, -1)).has_value());
  EXPECT_FALSE(moment_of(timestamp(1, 1'000'000'000)).has_value());
}

TEST(Moment, WhatIsWrittenIsReadBack) {
  for (const auto& time : {timestamp(1'795'336'251, 123'456'000), timestamp(-62'135'596'800, 0),
                           timestamp(253'402'300'799, 999'999'000), timestamp(-1, 1'000)}) {
    const auto moment = moment_of(time).value();
    EXPECT_EQ(parse_moment(to_sql(moment)), moment) << to_sql(moment);
  }
}

TEST(Moment, ReadsWhatPostgresqlAndTheBrokerWrite) {
  const auto moment = moment_of(timestamp(1'795'336'251, 120'000'000)).value();
  EXPECT_EQ(parse_moment("2026-11-22 08:30:51.12+00"), moment);
  EXPECT_EQ(parse_moment("2026-11-22T08:30:51.12Z"), moment);
  EXPECT_EQ(parse_moment("2026-11-22T08:30:51.120000999Z"), moment);
  EXPECT_EQ(parse_moment("2026-11-22 08:30:51+00"), moment - std::chrono::milliseconds{120});
}

TEST(Moment, AnythingElseIsNone) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22 08:30:51", "2026-11-22 08:30:51+01", "2026-13-22 08:30:51Z",
        "2026-11-22 08:30:51.Z", "2026/11/22 08:30:51Z", "infinity", "-026-11-22 08:30:51Z"}) {
    EXPECT_FALSE(parse_moment(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace podium::tracker
