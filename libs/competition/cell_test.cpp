#include "libs/competition/cell.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

TEST(Cell, MissingIsWhatPandasTakesForMissing) {
  for (const char* text :
       {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}) {
    EXPECT_TRUE(is_missing(text)) << text;
  }
  for (const char* text : {"none", "Nan", " ", "0", "NAN", "missing", "#N/A N/B"}) {
    EXPECT_FALSE(is_missing(text)) << text;
  }
}

TEST(Cell, BlankPredictionsAreSeenInAnyCase) {
  EXPECT_TRUE(is_blank_prediction(" NONE "));
  EXPECT_TRUE(is_blank_prediction("NaN"));
  EXPECT_FALSE(is_blank_prediction("nano"));
}

TEST(Cell, NumbersAreDecimalOrScientific) {
  EXPECT_DOUBLE_EQ(parse_number(" -1.5e3 ").value(), -1500);
  EXPECT_DOUBLE_EQ(parse_number("+7").value(), 7);
  EXPECT_DOUBLE_EQ(parse_number(".5").value(), 0.5);
  EXPECT_TRUE(std::isinf(parse_number("inf").value()));
  EXPECT_TRUE(std::isinf(parse_number("1e999").value()));
  EXPECT_DOUBLE_EQ(parse_number("1e-999").value(), 0);
  for (const char* text : {"", "1,000", "12%", "0x1F", "nan", "1 2", "+-1", "abc", "1.2.3"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Cell, BooleansAreSpelledAsPandasReadsThem) {
  EXPECT_EQ(parse_boolean("True"), true);
  EXPECT_EQ(parse_boolean("FALSE"), false);
  EXPECT_EQ(parse_boolean("yes"), std::nullopt);
  EXPECT_EQ(parse_boolean("1"), std::nullopt);
}

TEST(Cell, OneLabelHasOneSpelling) {
  EXPECT_EQ(normal_label(" 1 "), "1");
  EXPECT_EQ(normal_label("1.0"), "1");
  EXPECT_EQ(normal_label("007"), "7");
  EXPECT_EQ(normal_label("-0"), "0");
  EXPECT_EQ(normal_label("0.0"), "0");
  EXPECT_EQ(normal_label("TRUE"), "True");
  EXPECT_EQ(normal_label("1.5"), "1.5");
  EXPECT_EQ(normal_label("iris setosa "), "iris setosa");
  EXPECT_EQ(normal_label("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(normal_label("."), ".");
}

TEST(Cell, IntegerTextIsSignAndDigits) {
  EXPECT_TRUE(is_integer_text("-12"));
  EXPECT_FALSE(is_integer_text("12.0"));
  EXPECT_FALSE(is_integer_text("-"));
}

TEST(Cell, FieldsAreQuotedOnlyWhereTheyMust) {
  std::string out;
  append_csv_field(out, "plain", ',');
  append_csv_field(out, "|", ',');
  append_csv_field(out, "a,b", ',');
  append_csv_field(out, "say \"hi\"\n", ',');
  EXPECT_EQ(out, "plain|\"a,b\"\"say \"\"hi\"\"\n\"");
}

}  // namespace
}  // namespace podium::competition
