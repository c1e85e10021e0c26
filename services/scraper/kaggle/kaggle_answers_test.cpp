#include "services/scraper/kaggle/kaggle_answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace reasons = competition::reasons;

TEST(KaggleAnswers, ACompetitionIsReadWithWhatIsLeftOut) {
  const auto found = read_competition(json::parse(R"({
    "id": 3136, "ref": "https://www.kaggle.com/competitions/titanic", "title": "Titanic",
    "evaluationMetric": "Categorization Accuracy", "deadline": "2030-01-01T00:00:00Z",
    "userHasEntered": true, "maxDailySubmissions": 10, "later": {"unknown": 1}})"));
  EXPECT_EQ(found.slug, "titanic");
  EXPECT_EQ(found.url, "https://www.kaggle.com/competitions/titanic");
  EXPECT_EQ(found.metric, "Categorization Accuracy");
  EXPECT_TRUE(found.entered);
  EXPECT_FALSE(found.code_only);
  EXPECT_TRUE(found.deadline);
  EXPECT_EQ(read_competition(json::array()).slug, "");
  EXPECT_FALSE(read_competition(json::object()).entered);
}

TEST(KaggleAnswers, ListsAreObjectsOrBareArrays) {
  const json one = {{"url", "https://www.kaggle.com/competitions/a-b"}};
  EXPECT_EQ(read_competitions({{"competitions", {one}}}).at(0).slug, "a-b");
  EXPECT_EQ(read_competitions(json::array({one})).at(0).slug, "a-b");
  EXPECT_TRUE(read_competitions(json::object()).empty());
}

TEST(KaggleAnswers, FilesHaveSizesAsNumbersOrTexts) {
  const auto page = read_files(json::parse(R"({"files": [
    {"name": "train.csv", "totalBytes": "2048000"}, {"name": "test.csv", "totalBytes": 5},
    {"name": "empty.csv"}, 7], "nextPageToken": "next"})"));
  ASSERT_EQ(page.files.size(), 3U);
  EXPECT_EQ(page.files[0].bytes, 2'048'000U);
  EXPECT_EQ(page.files[1].bytes, 5U);
  EXPECT_EQ(page.files[2].bytes, 0U);
  EXPECT_EQ(page.next, "next");
}

TEST(KaggleAnswers, TheSummaryOfFilesAddsUp) {
  EXPECT_EQ(read_total_bytes(json::parse(R"({"fileSummaryInfo": {"totalFileCount": 3, "fileTypes": [
    {"extension": ".png", "fileCount": 2, "totalSize": "700"},
    {"extension": ".csv", "fileCount": 1, "totalSize": 42}]}})")),
            742U);
  EXPECT_EQ(read_total_bytes(json::object()), 0U);
  EXPECT_EQ(read_total_bytes(json::array()), 0U);
}

TEST(KaggleAnswers, CapitalsStayAsKaggleWritesThem) {
  const json one = {{"ref", "https://www.kaggle.com/competitions/Some-Capitals"}};
  EXPECT_EQ(read_competition(one).slug, "Some-Capitals");
}

TEST(KaggleAnswers, PagesStayAsTheyCame) {
  const auto pages = read_pages(json::parse(R"({"pages": [
    {"name": "Evaluation", "content": "<p>RMSE, <b>log</b></p>"},
    {"name": "rules", "content": "# Be <p>fair</p>", "mimeType": "text/markdown"},
    {"name": "empty", "content": " "}]})"));
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_EQ(pages[0].content(), "<p>RMSE, <b>log</b></p>");
  EXPECT_EQ(pages[1].media_type(), "text/markdown");
}

TEST(KaggleAnswers, BothErrorShapesAndAnErrorWithin200AreFound) {
  const auto rpc = problem_in(
      429, R"({"error":{"code":429,"message":"Too many requests","status":"RESOURCE_EXHAUSTED"}})");
  ASSERT_TRUE(rpc);
  EXPECT_EQ(rpc->message, "Too many requests");
  EXPECT_EQ(problem_in(404, R"({"code":404,"message":"NotFound"})")->message, "NotFound");
  EXPECT_EQ(problem_in(200, R"({"code":401})")->status, 401);
  EXPECT_EQ(problem_in(502, " <html><p>Bad <b>gateway</b></p></html>")->message, "");
  EXPECT_FALSE(problem_in(200, R"({"files":[]})"));
  EXPECT_FALSE(problem_in(200, ""));
}

TEST(KaggleAnswers, EachRefusalHasItsReasonAndThePageToOpen) {
  const auto reason = [](int status, const std::string& message) {
    return reason_of({.status = status, .message = message}, "titanic");
  };
  EXPECT_TRUE(reason(401, "Unauthorized").is(reasons::kKaggleAuth));
  const auto rules = reason(
      403, "You must accept this competition's rules before you'll be able to download files.");
  EXPECT_TRUE(rules.is(reasons::kKaggleRules));
  EXPECT_THAT(rules.detail, HasSubstr("https://www.kaggle.com/competitions/titanic/rules"));
  EXPECT_TRUE(reason(403, "Permission 'competitions.participate' was denied")
                  .is(reasons::kKaggleNotEntered));
  EXPECT_TRUE(reason(404, "NotFound").is(reasons::kCompetitionNotFound));
  EXPECT_TRUE(reason(429, "").is(reasons::kKaggleRateLimited));
  EXPECT_TRUE(reason(500, "Internal error").is(reasons::kScrapeFailed));
}

TEST(KaggleAnswers, WordsOfOthersAreCleanedAndBounded) {
  const auto problem =
      problem_in(403, json{{"message", "a\x1b[31m" + std::string(9'000, 'x')}}.dump());
  EXPECT_FALSE(problem->message.contains('\x1b'));
  EXPECT_LE(problem->message.size(), 500U);
}

TEST(KaggleAnswers, NestingBeyondReasonIsLeftOut) {
  constexpr std::size_t kDepth = 1'000'000;
  const auto deep = std::string(kDepth, '[') + std::string(kDepth, ']');
  const auto answer = parse_answer(R"({"files":[)" + deep + R"(,{"name":"a.csv"}]})");
  const auto page = read_files(answer);
  ASSERT_EQ(page.files.size(), 1U);
  EXPECT_EQ(page.files[0].name, "a.csv");
  EXPECT_TRUE(problem_in(200, deep) == std::nullopt);
}

TEST(KaggleAnswers, WhatStandsInTheWayOfASubmissionIsKnownBeforehand) {
  KaggleCompetition competition;
  competition.slug = "titanic";
  competition.entered = true;
  EXPECT_TRUE(submission_obstacles(competition).empty());
  competition.entered = false;
  competition.code_only = true;
  competition.submissions_disabled = true;
  const auto obstacles = submission_obstacles(competition);
  ASSERT_EQ(obstacles.size(), 3U);
  EXPECT_TRUE(obstacles[0].is(reasons::kKaggleNotEntered)) << "before all else";
  EXPECT_TRUE(obstacles[1].is(reasons::kKaggleCodeOnly));
  EXPECT_TRUE(obstacles[2].is(reasons::kKaggleClosed));
  for (const auto& obstacle : obstacles) {
    EXPECT_THAT(obstacle.detail,
                ::testing::HasSubstr("Open https://www.kaggle.com/competitions/titanic"));
  }
}

}  // namespace
}  // namespace podium::scraper
