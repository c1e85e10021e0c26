#include <limits>

#include <gtest/gtest.h>

#include "libs/chassis/postgres/postgres.hpp"

namespace podium {
namespace {

TEST(SqlValue, NumbersAndBooleansAreInPostgresqlsForm) {
  EXPECT_EQ(SqlValue{42}.text(), "42");
  EXPECT_EQ(SqlValue{std::numeric_limits<std::int64_t>::min()}.text(), "-9223372036854775808");
  EXPECT_EQ(SqlValue{true}.text(), "t");
  EXPECT_EQ(SqlValue{0.1}.text(), "0.1");
  EXPECT_EQ(SqlValue{std::numeric_limits<double>::quiet_NaN()}.text(), "NaN");
  EXPECT_EQ(SqlValue{-std::numeric_limits<double>::infinity()}.text(), "-Infinity");
}

TEST(SqlValue, NulloptIsNull) {
  EXPECT_FALSE(SqlValue{std::nullopt}.text().has_value());
}

TEST(SqlValue, BytesAreHex) {
  EXPECT_EQ(SqlValue::bytes(std::string_view{"\0\xff'a", 4}).text(), "\\x00ff2761");
}

TEST(SqlValue, AnArrayQuotesItsItemsAndTellsNullFromItsName) {
  EXPECT_EQ(SqlValue::array({}).text(), "{}");
  EXPECT_EQ(SqlValue::array({"a,b", std::nullopt, "NULL", "", "\"\\{}"}).text(),
            R"({"a,b",NULL,"NULL","","\"\\{}"})");
}

}  // namespace
}  // namespace podium
