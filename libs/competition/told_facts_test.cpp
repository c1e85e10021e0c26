#include "libs/competition/told_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ToldFacts, ReadsCompetitionJson) {
  const auto facts = parse_competition_file(R"({
    "slug": "titanic", "title": "Who Survived?", "url": "competitions/titanic",
    "description": "Predict survival", "evaluationMetric": "Categorization Accuracy",
    "deadline": "2030-12-31T23:59:00Z", "rowIdColumn": "PassengerId", "targets": ["Survived"],
    "sampleSubmission": "sample_submission.csv", "licence": "public domain",
    "maxDailySubmissions": 5, "files": [{"name": "train.csv"}]})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->slug, "titanic");
  EXPECT_EQ(facts->metric_name, "Categorization Accuracy");
  EXPECT_EQ(facts->id_column, "PassengerId");
  EXPECT_THAT(facts->target_columns, ElementsAre("Survived"));
  EXPECT_EQ(facts->deadline->seconds(), 1'924'991'940);
}

TEST(ToldFacts, EverythingMayBeLeftOut) {
  const auto facts = parse_competition_file(R"({"title": null})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->title, "");
  EXPECT_FALSE(facts->deadline);
}

TEST(ToldFacts, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(parse_competition_file("{").error().detail, HasSubstr("JSON object"));
  EXPECT_THAT(parse_competition_file(R"({"title": 5})").error().detail, HasSubstr("title"));
  EXPECT_THAT(parse_competition_file(R"({"targets": "x"})").error().detail, HasSubstr("targets"));
  EXPECT_THAT(parse_competition_file(R"({"targets": [1]})").error().detail, HasSubstr("targets"));
  const auto late = parse_competition_file(R"({"deadline": "tomorrow"})");
  EXPECT_THAT(late.error().detail, HasSubstr("deadline"));
  EXPECT_TRUE(late.error().is(reasons::kDataUnreadable));
}

TEST(ToldFacts, TimesAreRfc3339) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:10Z")->seconds(), 10);
  EXPECT_EQ(parse_rfc3339("1970-01-01T02:00:10.123+02:00")->seconds(), 10);
  EXPECT_FALSE(parse_rfc3339("1970-01-01"));
  EXPECT_FALSE(parse_rfc3339("1970-01-01T00:00:10"));
}

TEST(ToldFacts, PagesAreCleanAndBounded) {
  const auto page = make_page("evaluation", "a\x1B" + std::string(kPageBytesMax * 2, 'x'));
  EXPECT_EQ(page.text().size(), kPageBytesMax);
  EXPECT_THAT(page.text(), HasSubstr("axx"));
}

TEST(ToldFacts, TheEvaluationPageSpeaksOfTheMetric) {
  EXPECT_EQ(evaluation_text({make_page("rules", "r"), make_page("2. Evaluation", "e")}), "e");
  EXPECT_EQ(evaluation_text({make_page("rules", "r"), make_page("data", "d")}), "r\nd\n");
}

}  // namespace
}  // namespace podium::competition
