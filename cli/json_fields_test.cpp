#include "cli/json_fields.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace podium::cli {
namespace {

using nlohmann::json;

TEST(JsonFields, AreReadWhereTheyAreOfTheirKind) {
  const auto object = json::parse(R"({"a":{"b":"text","n":1.5,"yes":true},"list":[1,2]})");
  EXPECT_EQ(text_at(object, "/a/b"), "text");
  EXPECT_EQ(number_at(object, "/a/n"), 1.5);
  EXPECT_TRUE(is_true_at(object, "/a/yes"));
  EXPECT_EQ(list_at(object, "/list").size(), 2U);
}

TEST(JsonFields, OfAnotherKindOrAbsentAreEmpty) {
  const auto object = json::parse(R"({"a":7,"b":null,"c":"true","d":[1]})");
  EXPECT_EQ(text_at(object, "/a"), "");
  EXPECT_EQ(text_at(object, "/d/text"), "");
  EXPECT_EQ(number_at(object, "/c"), 0);
  EXPECT_EQ(number_or_none_at(object, "/b"), std::nullopt);
  EXPECT_FALSE(is_true_at(object, "/c"));
  EXPECT_TRUE(list_at(object, "/a").empty());
  EXPECT_EQ(text_at(json::array(), "/a"), "");
}

TEST(JsonFields, TextsCannotSteerTheTerminal) {
  EXPECT_EQ(text_at(json::object({{"a", "x\x1b[31m\ny"}}), "/a"), "x[31m y");
}

TEST(JsonText, KeepsItsOrderAndSurvivesForeignBytes) {
  EXPECT_EQ(json_text({{"z", 1}, {"a", "caf\xe9"}}), "{\"z\":1,\"a\":\"caf\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace podium::cli
