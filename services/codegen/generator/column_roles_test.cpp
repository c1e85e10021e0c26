#include "services/codegen/generator/column_roles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/generator/generator_testing.hpp"

namespace podium::codegen {
namespace {

using testing::add_table;
using testing::binary_facts;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using testing::TestColumn;

// The roles when training and test table also have these columns.
ColumnRoles roles_with(std::vector<TestColumn> columns,
                       v1::CompetitionFacts facts = binary_facts()) {
  for (const TestColumn& column : columns) {
    *facts.mutable_tables(0)->add_columns() = testing::profile_of(column, 1000);
    *facts.mutable_tables(1)->add_columns() = testing::profile_of(column, 500);
  }
  return column_roles(problem_of(facts).value());
}

TEST(ColumnRoles, IdAndTargetPlayNoPart) {
  const auto roles = roles_with({});
  EXPECT_THAT(roles.numbers, ElementsAre("Age"));
  EXPECT_THAT(roles.categories, ElementsAre("Town"));
}

TEST(ColumnRoles, ConstantAndEmptyColumnsAreLeftOut) {
  const auto roles =
      roles_with({{"Same", v1::COLUMN_TYPE_REAL, 1}, {"Nothing", v1::COLUMN_TYPE_EMPTY, 0}});
  EXPECT_THAT(roles.numbers, ElementsAre("Age"));
}

TEST(ColumnRoles, ARunningNumberIsNoFeature) {
  const auto roles = roles_with({{"Row", v1::COLUMN_TYPE_INTEGER, 1000, 1, 1000},
                                 {"People", v1::COLUMN_TYPE_INTEGER, 1000, 1, 900000}});
  EXPECT_THAT(roles.numbers, ElementsAre("Age", "People"));
}

TEST(ColumnRoles, CategoriesThatNearlyAllDifferAreLeftOut) {
  const auto roles = roles_with({{"Ticket", v1::COLUMN_TYPE_CATEGORY, 950}});
  EXPECT_THAT(roles.categories, ElementsAre("Town"));
}

TEST(ColumnRoles, CategoriesOfManyValuesAreNoticed) {
  EXPECT_FALSE(roles_with({}).many_valued);
  EXPECT_TRUE(roles_with({{"Street", v1::COLUMN_TYPE_CATEGORY, 200}}).many_valued);
}

TEST(ColumnRoles, NumbersNamedLikeIdentifiersAreCodesToo) {
  const auto roles = roles_with({{"school_id", v1::COLUMN_TYPE_INTEGER, 70}});
  EXPECT_THAT(roles.codes, ElementsAre("school_id"));
  EXPECT_THAT(roles.numbers, Contains("school_id"));
}

TEST(ColumnRoles, ClockTimesAreSplit) {
  const auto roles =
      roles_with({{"sched_dep_time", v1::COLUMN_TYPE_INTEGER, 600, 500, 2359, "1545"}});
  EXPECT_THAT(roles.clocks, ElementsAre("sched_dep_time"));
  EXPECT_THAT(roles.numbers, Contains("sched_dep_time hour"));
  EXPECT_THAT(roles.numbers, Not(Contains("sched_dep_time")));
}

TEST(ColumnRoles, ATimeWithSixtyMinutesIsNoClock) {
  const auto roles = roles_with({{"lap_time", v1::COLUMN_TYPE_INTEGER, 600, 0, 2000, "1575"}});
  EXPECT_THAT(roles.clocks, IsEmpty());
}

TEST(ColumnRoles, DatesKeepTheirPattern) {
  const auto roles = roles_with(
      {{"day", v1::COLUMN_TYPE_DATE, 400, 0, 0, "2020-01-01", "%Y-%m-%d"},
       {"moment", v1::COLUMN_TYPE_DATE, 400, 0, 0, "2020-01-01 10:00", "%Y-%m-%d %H:%M"}});
  EXPECT_THAT(roles.dates, ElementsAre(Pair("day", "%Y-%m-%d"), Pair("moment", "%Y-%m-%d %H:%M")));
  EXPECT_THAT(roles.hours, ElementsAre("moment"));
}

TEST(ColumnRoles, AnIdThatIsADateIsAFeature) {
  auto facts = testing::small_facts({"Price", v1::COLUMN_TYPE_REAL, 900}, "rmse",
                                    v1::TASK_KIND_REGRESSION, "date");
  for (int table : {0, 1}) {
    facts.mutable_tables(table)->mutable_columns(0)->set_type(v1::COLUMN_TYPE_DATE);
    facts.mutable_tables(table)->mutable_columns(0)->set_date_format("%Y-%m-%d");
  }
  EXPECT_THAT(roles_with({}, facts).dates, ElementsAre(Pair("date", "%Y-%m-%d")));
}

TEST(ColumnRoles, SurnamesFirstMakeFamilies) {
  const auto roles =
      roles_with({{"Name", v1::COLUMN_TYPE_TEXT, 990, 0, 0, "Mack, Mrs Mary", "", 22}});
  EXPECT_THAT(roles.names, ElementsAre("Name"));
  EXPECT_FALSE(roles.wordy);
}

TEST(ColumnRoles, LongTextsAreReadForTheirWords) {
  const auto roles =
      roles_with({{"review", v1::COLUMN_TYPE_TEXT, 990, 0, 0, "I liked it", "", 400}});
  EXPECT_TRUE(roles.wordy);
  EXPECT_THAT(roles.names, IsEmpty());
}

TEST(ColumnRoles, MeasuresTakenRepeatedlyAreASeries) {
  const auto roles = roles_with({{"read2", v1::COLUMN_TYPE_REAL},
                                 {"readk", v1::COLUMN_TYPE_REAL},
                                 {"read1", v1::COLUMN_TYPE_REAL}});
  ASSERT_EQ(roles.series.size(), 1U);
  EXPECT_THAT(roles.series.front(), Pair("read", ElementsAre("readk", "read1", "read2")));
}

TEST(ColumnRoles, DaysAndPlacesAreCrossed) {
  const auto roles = roles_with(
      {{"month", v1::COLUMN_TYPE_INTEGER, 12, 1, 12}, {"day", v1::COLUMN_TYPE_INTEGER, 31, 1, 31}});
  EXPECT_THAT(roles.crosses,
              ElementsAre(ElementsAre("month", "day"), ElementsAre("month", "day", "Town")));
}

TEST(ColumnRoles, NothingIsCrossedWhenTheTestLiesInTheFuture) {
  auto facts = binary_facts();
  facts.mutable_task()->set_time_column("Age");
  const auto roles = roles_with(
      {{"month", v1::COLUMN_TYPE_INTEGER, 12, 1, 12}, {"day", v1::COLUMN_TYPE_INTEGER, 31, 1, 31}},
      facts);
  EXPECT_THAT(roles.crosses, IsEmpty());
}

TEST(SideTables, ATableIsLookedUpByTheColumnThatIdentifiesItsRows) {
  auto facts = binary_facts();
  add_table(facts, "towns.csv", 12,
            {{"Town", v1::COLUMN_TYPE_CATEGORY, 12},
             {"Age", v1::COLUMN_TYPE_REAL, 11},
             {"People", v1::COLUMN_TYPE_INTEGER, 12, 100, 90000}});
  const auto roles = roles_with({}, facts);
  ASSERT_EQ(roles.lookups.size(), 1U);
  EXPECT_THAT(roles.lookups[0].keys, ElementsAre(Pair("Town", "Town")));
  EXPECT_THAT(roles.lookups[0].columns,
              ElementsAre(Pair("Age", "towns Age"), Pair("People", "People")));
  EXPECT_THAT(roles.numbers, Contains("towns Age"));
}

TEST(SideTables, SeveralColumnsTogetherMayBeTheKey) {
  auto facts = binary_facts();
  add_table(facts, "weather.csv", 8000,
            {{"Town", v1::COLUMN_TYPE_CATEGORY, 12},
             {"hour", v1::COLUMN_TYPE_INTEGER, 24, 0, 23},
             {"month", v1::COLUMN_TYPE_INTEGER, 12, 1, 12},
             {"day", v1::COLUMN_TYPE_INTEGER, 31, 1, 31},
             {"rain", v1::COLUMN_TYPE_REAL, 40}});
  const auto roles = roles_with({{"month", v1::COLUMN_TYPE_INTEGER, 12, 1, 12},
                                 {"day", v1::COLUMN_TYPE_INTEGER, 31, 1, 31},
                                 {"start_time", v1::COLUMN_TYPE_INTEGER, 600, 0, 2359, "1545"}},
                                facts);
  ASSERT_EQ(roles.lookups.size(), 1U);
  EXPECT_THAT(roles.lookups[0].keys,
              ElementsAre(Pair("Town", "Town"), Pair("start_time hour", "hour"),
                          Pair("month", "month"), Pair("day", "day")));
}

TEST(SideTables, AKeyThatTellsNoRowsApartIsNoKey) {
  auto facts = binary_facts();
  add_table(facts, "visits.csv", 100000,
            {{"Town", v1::COLUMN_TYPE_CATEGORY, 12}, {"cost", v1::COLUMN_TYPE_REAL, 900}});
  EXPECT_THAT(roles_with({}, facts).lookups, IsEmpty());
}

TEST(SideTables, ATableThatHoldsTheTargetGivesItAway) {
  auto facts = binary_facts();
  add_table(facts, "other_submission.csv", 500,
            {{"Id", v1::COLUMN_TYPE_INTEGER, 500}, {"Left", v1::COLUMN_TYPE_INTEGER, 2}});
  EXPECT_THAT(roles_with({}, facts).lookups, IsEmpty());
}

TEST(SideTables, HalvesForTrainingAndTestRowsAreOneTable) {
  auto facts = binary_facts();
  for (const auto* name : {"test_more.csv", "train_more.csv"}) {
    add_table(facts, name, 1000,
              {{"Id", v1::COLUMN_TYPE_INTEGER, 1000}, {"x", v1::COLUMN_TYPE_REAL, 900}});
  }
  for (const auto* name : {"series/Train.csv", "series/Test.csv"}) {
    add_table(facts, name, 9000,
              {{"Id", v1::COLUMN_TYPE_INTEGER, 1000}, {"z", v1::COLUMN_TYPE_REAL, 900}});
  }
  const auto roles = roles_with({}, facts);
  ASSERT_EQ(roles.lookups.size(), 1U);
  EXPECT_THAT(roles.lookups[0].paths, ElementsAre("train_more.csv", "test_more.csv"));
  ASSERT_EQ(roles.histories.size(), 1U);
  EXPECT_THAT(roles.histories[0].paths, ElementsAre("series/Train.csv", "series/Test.csv"));
}

TEST(ColumnRoles, WhereNothingIsKnownOfTheRowsTheirNumbersAreTaken) {
  auto facts = binary_facts();
  facts.mutable_task()->clear_test_path();
  facts.mutable_tables()->DeleteSubrange(1, 1);
  EXPECT_THAT(column_roles(problem_of(facts).value()).numbers, ElementsAre("Id"));
  facts.mutable_tables(0)->mutable_columns(0)->set_type(v1::COLUMN_TYPE_CATEGORY);
  const auto nothing = known_roles(problem_of(facts).value());
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().detail, ::testing::HasSubstr("train.csv and sample_submission.csv"));
}

TEST(SideTables, ManyRowsForOneIdAreSummedUp) {
  auto facts = binary_facts();
  add_table(facts, "payments.csv", 9000,
            {{"Id", v1::COLUMN_TYPE_INTEGER, 1400}, {"amount", v1::COLUMN_TYPE_REAL, 800}});
  const auto roles = roles_with({}, facts);
  ASSERT_EQ(roles.histories.size(), 1U);
  EXPECT_EQ(roles.histories[0].key, "Id");
  EXPECT_THAT(roles.histories[0].columns, ElementsAre("amount"));
}

}  // namespace
}  // namespace podium::codegen
