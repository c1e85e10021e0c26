#include "libs/competition/table_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using ::testing::ElementsAre;

Result<TableScan> scan(std::string_view text, const ScanOptions& options = {}) {
  TextSource source{text};
  return scan_table(source, "data/train.csv", options);
}

TEST(TableProfile, HasRowsDelimiterAndColumns) {
  const auto table = scan("id;x\n1;0,5\n2;0,6\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->profile.path(), "data/train.csv");
  EXPECT_EQ(table->profile.rows(), 2U);
  EXPECT_EQ(table->profile.delimiter(), ";");
  ASSERT_EQ(table->profile.columns_size(), 2);
  EXPECT_TRUE(table->profile.columns(0).identifies_rows());
  EXPECT_EQ(table->column("x"), 1);
  EXPECT_EQ(table->column("y"), std::nullopt);
}

TEST(TableProfile, RaggedRowsAreCountedAndPadded) {
  const auto table = scan("a,b\n1,2\n3\n4,5,6\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->ragged_rows, 2U);
  EXPECT_EQ(table->profile.rows(), 3U);
  EXPECT_EQ(table->profile.columns(1).missing(), 1U);
}

TEST(TableProfile, Latin1IsReadAndTold) {
  const auto table = scan("stadt\nZ\xFCrich\n");
  ASSERT_TRUE(table);
  EXPECT_FALSE(table->utf8);
  EXPECT_EQ(table->profile.columns(0).examples(0), "Zürich");
}

TEST(TableProfile, ErrorsNameTheFile) {
  const auto table = scan("a,b\n1,\"2\n");
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().detail, ::testing::StartsWith("data/train.csv: row 2"));
  EXPECT_TRUE(scan("").error().is(reasons::kDataUnreadable));
}

TEST(TableProfile, ColumnsAreNamedAsPandasNamesThem) {
  EXPECT_THAT(column_names({"", "x", "x", "x.1", "x"}),
              ElementsAre("Unnamed: 0", "x", "x.2", "x.1", "x.3"));
}

TEST(TableProfile, StopsWhenAsked) {
  std::string text = "a\n";
  for (int i = 0; i < 10'000; ++i) text += "1\n";
  std::stop_source stop;
  stop.request_stop();
  const auto table = scan(text, {.stop = stop.get_token(), .on_rows = {}});
  ASSERT_FALSE(table);
  EXPECT_TRUE(table.error().is(errors::kStopped));
}

TEST(TableProfile, TellsItsProgress) {
  std::string text = "a\n";
  for (int i = 0; i < 10'000; ++i) text += "1\n";
  std::vector<std::uint64_t> told;
  ASSERT_TRUE(scan(text, {.stop = {}, .on_rows = [&](std::uint64_t n) { told.push_back(n); }}));
  EXPECT_THAT(told, ElementsAre(4096, 8192));
}

TEST(DistinctValues, AreInOrderOfAppearanceAndBounded) {
  TextSource few{"id,y\n1,b\n2,a\n3,\n4,b\n5\n"};
  EXPECT_THAT(distinct_values(few, 1, 2).value().value(), ElementsAre("b", "a"));
  TextSource many{"y\n1\n2\n3\n"};
  EXPECT_EQ(distinct_values(many, 0, 2).value(), std::nullopt);
}

}  // namespace
}  // namespace podium::competition
