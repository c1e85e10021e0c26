#include "libs/competition/date_pattern.hpp"

#include <initializer_list>

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

std::string format_of(std::initializer_list<const char*> cells) {
  DateTracker tracker;
  for (const char* cell : cells) tracker.add(cell);
  const auto readings = tracker.readings();
  return readings.empty() ? "" : readings.front().format;
}

TEST(DatePattern, ReadsTheCommonForms) {
  EXPECT_EQ(format_of({"2020-01-31"}), "%Y-%m-%d");
  EXPECT_EQ(format_of({"2020/1/31"}), "%Y/%m/%d");
  EXPECT_EQ(format_of({"20200131", "20201231"}), "%Y%m%d");
  EXPECT_EQ(format_of({"2020-01", "2020-02"}), "%Y-%m");
  EXPECT_EQ(format_of({"31.01.2020"}), "%d.%m.%Y");
  EXPECT_EQ(format_of({"31-Jan-20"}), "%d-%b-%y");
  EXPECT_EQ(format_of({"31 January 2020"}), "%d %B %Y");
  EXPECT_EQ(format_of({"Jan 31, 2020"}), "%b %d, %Y");
}

TEST(DatePattern, ReadsTimesAndZones) {
  EXPECT_EQ(format_of({"2020-01-31 23:59"}), "%Y-%m-%d %H:%M");
  EXPECT_EQ(format_of({"2020-01-31T23:59:01Z"}), "%Y-%m-%dT%H:%M:%SZ");
  EXPECT_EQ(format_of({"2020-01-31 23:59:01.250"}), "%Y-%m-%d %H:%M:%S.%f");
  EXPECT_EQ(format_of({"2020-01-31T23:59:01+05:30"}), "%Y-%m-%dT%H:%M:%S%z");
  EXPECT_EQ(format_of({"1/31/2020 11:59 PM"}), "%m/%d/%Y %I:%M %p");
  const auto east = match_dates("1970-01-01T05:30:00+05:30");
  ASSERT_EQ(east.size(), 1U);
  EXPECT_EQ(east[0].seconds, 0);
  EXPECT_EQ(match_dates("1970-01-01 12:00 AM").at(0).seconds, 0);
}

TEST(DatePattern, DayFirstIsDecidedByEvidenceOverAllRows) {
  EXPECT_EQ(format_of({"03/04/2020", "05/06/2020", "25/06/2020"}), "%d/%m/%Y");
  EXPECT_EQ(format_of({"03/04/2020", "05/06/2020", "06/25/2020"}), "%m/%d/%Y");
}

TEST(DatePattern, WithoutProofOrderAndMonthsDecide) {
  EXPECT_EQ(format_of({"03/04/2020", "04/04/2020", "01/05/2020"}), "%d/%m/%Y");  // in order
  EXPECT_EQ(format_of({"01/02/2020", "01/05/2020", "01/03/2020"}), "%d/%m/%Y");  // first of month
  EXPECT_EQ(format_of({"05/04/2020", "03/06/2020", "04/05/2020"}), "%m/%d/%Y");  // the usual
  EXPECT_EQ(format_of({"05-04-2020", "03-06-2020", "04-05-2020"}), "%d-%m-%Y");
}

TEST(DatePattern, BothReadingsAreToldWhenBothFit) {
  DateTracker tracker;
  tracker.add("05/04/2020");
  tracker.add("03/06/2020");
  EXPECT_EQ(tracker.readings().size(), 2U);
}

TEST(DatePattern, SeveralFormsInOneColumnAreMixed) {
  EXPECT_EQ(format_of({"2020-01-31", "1/31/2020", "31 Jan 2020"}), "mixed");
}

TEST(DatePattern, WhatIsNoDateIsNone) {
  EXPECT_EQ(format_of({"2020-13-01"}), "");
  EXPECT_EQ(format_of({"2021-02-29"}), "");
  EXPECT_EQ(format_of({"1.2.10", "1.2.11"}), "");
  EXPECT_EQ(format_of({"20200131", "20209999"}), "");
  EXPECT_EQ(format_of({"12345678"}), "");
  EXPECT_EQ(format_of({"1979 Q4"}), "");
  EXPECT_EQ(format_of({"2020-01-31", "hello", "world"}), "");
  EXPECT_EQ(format_of({"10:30", "Mayor"}), "");
  EXPECT_EQ(format_of({}), "");
}

TEST(DatePattern, TellsFirstAndLastMoment) {
  DateTracker tracker;
  tracker.add("1970-01-03");
  tracker.add("1970-01-02");
  const auto readings = tracker.readings();
  ASSERT_EQ(readings.size(), 1U);
  EXPECT_EQ(readings[0].first, 86'400);
  EXPECT_EQ(readings[0].last, 2 * 86'400);
}

TEST(DatePattern, AFewSlipsDoNotMakeItText) {
  DateTracker tracker;
  for (int i = 0; i < 500; ++i) tracker.add("2020-01-31");
  tracker.add("unknown");
  ASSERT_EQ(tracker.readings().size(), 1U);
  for (int i = 0; i < 20; ++i) tracker.add("unknown");
  EXPECT_TRUE(tracker.readings().empty());
}

}  // namespace
}  // namespace podium::competition
