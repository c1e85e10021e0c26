#include "libs/competition/column_profile.hpp"

#include <format>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::competition {
namespace {

v1::ColumnProfile profile_of(const std::vector<std::string>& cells) {
  DistinctBudget budget;
  ColumnProfiler profiler{"column", 1000, budget};
  for (const std::string& cell : cells) profiler.add(cell);
  return profiler.finish().profile;
}

TEST(ColumnProfile, IntegersHaveRangeAndMean) {
  const auto profile = profile_of({"3", "-1", "4.0", "NA"});
  EXPECT_EQ(profile.type(), v1::COLUMN_TYPE_INTEGER);
  EXPECT_EQ(profile.missing(), 1U);
  EXPECT_DOUBLE_EQ(profile.min(), -1);
  EXPECT_DOUBLE_EQ(profile.max(), 4);
  EXPECT_DOUBLE_EQ(profile.mean(), 2);
  EXPECT_EQ(profile.distinct(), 3U);
  EXPECT_TRUE(profile.distinct_exact());
}

TEST(ColumnProfile, RealsKeepInfinitiesOutOfTheMean) {
  const auto profile = profile_of({"0.5", "1.5", "inf"});
  EXPECT_EQ(profile.type(), v1::COLUMN_TYPE_REAL);
  EXPECT_DOUBLE_EQ(profile.max(), 1.5);
  EXPECT_DOUBLE_EQ(profile.mean(), 1);
}

TEST(ColumnProfile, BooleansAreTrueAndFalseOnly) {
  EXPECT_EQ(profile_of({"True", "False", ""}).type(), v1::COLUMN_TYPE_BOOLEAN);
  EXPECT_EQ(profile_of({"yes", "no"}).type(), v1::COLUMN_TYPE_CATEGORY);
  EXPECT_EQ(profile_of({"0", "1"}).type(), v1::COLUMN_TYPE_INTEGER);
}

TEST(ColumnProfile, BlankCellsAreMissing) {
  const auto profile = profile_of({"1.5", " ", "2.5"});
  EXPECT_EQ(profile.type(), v1::COLUMN_TYPE_REAL);
  EXPECT_EQ(profile.missing(), 1U);
}

TEST(ColumnProfile, NothingButMissingIsEmpty) {
  const auto profile = profile_of({"", "NaN", "null"});
  EXPECT_EQ(profile.type(), v1::COLUMN_TYPE_EMPTY);
  EXPECT_EQ(profile.missing(), 3U);
  EXPECT_FALSE(profile.identifies_rows());
}

TEST(ColumnProfile, DatesCarryTheirPattern) {
  const auto profile = profile_of({"31/12/2020", "01/02/2021"});
  EXPECT_EQ(profile.type(), v1::COLUMN_TYPE_DATE);
  EXPECT_EQ(profile.date_format(), "%d/%m/%Y");
}

TEST(ColumnProfile, SentencesThatDifferAreTextThatRepeatAreCategories) {
  std::vector<std::string> names;
  std::vector<std::string> kinds;
  for (int i = 0; i < 50; ++i) {
    names.push_back(std::format("Smith, Mr John the {}th", i));
    kinds.push_back(i % 2 == 0 ? "Fixed wing multi engine" : "Rotorcraft with one engine");
  }
  EXPECT_EQ(profile_of(names).type(), v1::COLUMN_TYPE_TEXT);
  EXPECT_EQ(profile_of(kinds).type(), v1::COLUMN_TYPE_CATEGORY);
  EXPECT_EQ(profile_of({"N10156", "N102UW"}).type(), v1::COLUMN_TYPE_CATEGORY);
}

TEST(ColumnProfile, AColumnThatNeverRepeatsIdentifiesRows) {
  EXPECT_TRUE(profile_of({"a", "b", "c"}).identifies_rows());
  EXPECT_FALSE(profile_of({"a", "b", "a"}).identifies_rows());
  EXPECT_FALSE(profile_of({"a", "b", ""}).identifies_rows());
}

TEST(ColumnProfile, ExamplesAreFewDistinctShortAndClean) {
  const auto profile = profile_of({"a", "a", std::string(200, 'x'), "b\x1B", "c", "d", "e", "f"});
  ASSERT_EQ(profile.examples_size(), 5);
  EXPECT_EQ(profile.examples(1).size(), kExampleBytesMax);
  EXPECT_EQ(profile.examples(2), "b");
}

TEST(ColumnProfile, LengthsAreInCharacters) {
  const auto profile = profile_of({"ü", "üüü"});
  EXPECT_DOUBLE_EQ(profile.length_mean(), 2);
  EXPECT_EQ(profile.length_max(), 3U);
}

}  // namespace
}  // namespace podium::competition
