#include "libs/competition/score_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using namespace std::string_view_literals;

const v1::Metric kAccuracy = metric_of("Categorization Accuracy", "");
const v1::Metric kRmsle = metric_of("RMSLE", "");

std::string_view refusal(std::string_view log, const v1::Metric& metric = kAccuracy) {
  const auto score = read_score(log, metric);
  return score ? "" : score.error().code->name;
}

TEST(ScoreLine, ReadsMetricValueFoldsAndSpread) {
  const auto score = read_score(
      "training\n{\"metric\": \"rmsle\", \"value\": 0.131, \"folds\": 5, \"spread\": 0.008}\n",
      kRmsle);
  ASSERT_TRUE(score);
  EXPECT_EQ(score->metric(), "rmsle");
  EXPECT_DOUBLE_EQ(score->value(), 0.131);
  EXPECT_EQ(score->folds(), 5U);
  EXPECT_DOUBLE_EQ(score->spread(), 0.008);
  EXPECT_FALSE(score->higher_is_better());
  EXPECT_EQ(score->kind(), v1::SCORE_KIND_REPORTED);
}

TEST(ScoreLine, TheLastReportCountsWhateverStandsBehindIt) {
  const auto score = read_score(
      "{\"metric\":\"accuracy\",\"value\":0.7}\r\n{\"metric\":\"accuracy\",\"value\":0.8}\r\n"
      "{\"other\": 1}\n{broken\nwrote submission.csv\n\n",
      kAccuracy);
  ASSERT_TRUE(score);
  EXPECT_DOUBLE_EQ(score->value(), 0.8);
}

TEST(ScoreLine, DirectionComesFromTheCompetitionNotFromTheLog) {
  const auto score = read_score(
      R"({"metric":"accuracy","value":0.7,"higher_is_better":false,"kind":"trusted"})", kAccuracy);
  ASSERT_TRUE(score);
  EXPECT_TRUE(score->higher_is_better());
  EXPECT_EQ(score->kind(), v1::SCORE_KIND_REPORTED);
}

TEST(ScoreLine, WithoutAReportItIsMissing) {
  EXPECT_EQ(refusal(""), "SCORE_MISSING");
  EXPECT_EQ(refusal("accuracy: 0.99\n"), "SCORE_MISSING");
  EXPECT_EQ(refusal("{\"metric\":\"accuracy\"}\n"), "SCORE_MISSING");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":1e999})"), "SCORE_MISSING");
  EXPECT_EQ(refusal("[{\"metric\":\"accuracy\",\"value\":0.7}]"), "SCORE_MISSING");
  EXPECT_EQ(refusal("{\"metric\":\"accuracy\",\"value\":0.7"), "SCORE_MISSING");
}

TEST(ScoreLine, ImpossibleValuesAreRefused) {
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":81.2})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":NaN})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":-Infinity})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":null})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":[0.5]})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":"high"})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"rmsle","value":-0.1})", kRmsle), "SCORE_IMPOSSIBLE");
}

TEST(ScoreLine, AnotherMetricIsRefused) {
  EXPECT_EQ(refusal(R"({"metric":"rmse","value":0.5})", kRmsle), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":{"a":1},"value":0.5})"), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal(R"({"metric":"Categorization Accuracy","value":0.5})"), "");
}

TEST(ScoreLine, StrangeFoldsAndSpreadAreLeftOut) {
  const auto score = read_score(
      R"({"metric":"accuracy","value":0.5,"folds":-3,"spread":NaN,"x":"\"NaN"})", kAccuracy);
  ASSERT_TRUE(score);
  EXPECT_EQ(score->folds(), 0U);
  EXPECT_DOUBLE_EQ(score->spread(), 0);
}

TEST(ScoreLine, AnUnknownMetricTakesAnyFiniteValue) {
  v1::Metric metric;
  metric.set_name("House Rule");
  metric.set_higher_is_better(true);
  const auto score = read_score(R"({"metric":"anything","value":-7})", metric);
  ASSERT_TRUE(score);
  EXPECT_EQ(score->metric(), "House Rule");
  EXPECT_TRUE(score->higher_is_better());
}

TEST(ScoreLine, WhereNoMetricIsAskedTheReportedOneTellsTheDirection) {
  const auto up = read_score(R"({"metric":"accuracy","value":0.9,"direction":"minimize"})", {});
  ASSERT_TRUE(up.has_value());
  EXPECT_EQ(up->metric(), "accuracy");
  EXPECT_TRUE(up->higher_is_better());
  const auto down = read_score(R"({"metric":"rmse","value":2.5})", {});
  ASSERT_TRUE(down.has_value());
  EXPECT_EQ(down->metric(), "rmse");
  EXPECT_FALSE(down->higher_is_better());
  EXPECT_EQ(refusal(R"({"metric":"accuracy","value":1.7})", {}), "SCORE_IMPOSSIBLE");
}

TEST(ScoreLine, HostileTextIsOnlyText) {
  const std::string deep(kScoreLineBytesMax * 2, '[');
  EXPECT_EQ(refusal(deep), "SCORE_MISSING");
  std::string nested =
      R"({"metric":"accuracy","value":)" + std::string(1900, '[') + std::string(1900, ']') + "}";
  EXPECT_EQ(refusal(nested), "SCORE_IMPOSSIBLE");
  EXPECT_EQ(refusal("\0\xFF\xFE{\"metric\":\"\xFF\",\"value\":1}"sv), "SCORE_MISSING");
  const std::string early = R"({"metric":"accuracy","value":0.9})" + std::string("\n") +
                            std::string(kScoreTailBytesMax, 'x');
  EXPECT_EQ(refusal(early), "SCORE_MISSING");
}

}  // namespace
}  // namespace podium::competition
