#include "services/scraper/kaggle/kaggle_submission_answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "libs/competition/reasons.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace reasons = competition::reasons;

TEST(KaggleSubmissionAnswers, ASubmissionIsReadInEverySpelling) {
  for (const auto* status : {"COMPLETE", "complete", "SubmissionStatus.COMPLETE"}) {
    const auto sent =
        read_submission({{"ref", "56073536"}, {"status", status}, {"publicScore", "0.77511"}});
    EXPECT_EQ(sent.reference, "56073536");
    EXPECT_EQ(sent.standing, Standing::scored) << status;
    EXPECT_DOUBLE_EQ(sent.public_score.value(), 0.77511);
  }
  EXPECT_EQ(read_submission({{"ref", 5U}, {"status", "error"}}).standing, Standing::refused);
  EXPECT_EQ(read_submission({{"ref", 5U}}).standing, Standing::pending);
  EXPECT_EQ(read_submission(json::array()).reference, "");
}

TEST(KaggleSubmissionAnswers, AnEmptyScoreIsNotZero) {
  for (const auto& score : {json(""), json(nullptr), json("None"), json("inf")}) {
    EXPECT_FALSE(read_submission({{"status", "COMPLETE"}, {"publicScore", score}}).public_score);
  }
  EXPECT_FALSE(read_submission({{"status", "COMPLETE"}}).public_score);
  EXPECT_EQ(read_submission({{"publicScore", "0.00000"}}).public_score, 0.0);
}

TEST(KaggleSubmissionAnswers, ListsAreObjectsOrBareArrays) {
  const json one = {{"ref", 7U}, {"description", "podium x"}};
  const auto page = read_submissions({{"submissions", {one}}, {"nextPageToken", "more"}});
  EXPECT_EQ(page.entries.at(0).description, "podium x");
  EXPECT_EQ(page.next, "more");
  EXPECT_EQ(read_submissions(json::array({one, 5})).entries.size(), 1U);
  EXPECT_TRUE(read_submissions(json::object()).entries.empty());
}

TEST(KaggleSubmissionAnswers, LimitsThatSayNothingRefuseNothing) {
  EXPECT_FALSE(refusal_of_limits(json::object()));
  EXPECT_FALSE(refusal_of_limits(json::array()));
  EXPECT_FALSE(refusal_of_limits({{"numToday", 3U}, {"numAllowedNow", 2U}}));
  EXPECT_TRUE(refusal_of_limits({{"numToday", 5U}})->is(reasons::kKaggleDailyLimit));
  EXPECT_TRUE(refusal_of_limits({{"numToday", 5U}, {"limitedByTotal", true}})
                  ->is(reasons::kKaggleSubmissionsSpent));
}

TEST(KaggleSubmissionAnswers, ABoardHasTheScoresThatAreShown) {
  const auto page = read_board({{"submissions",
                                 {{{"teamName", "a"}, {"score", "0.9"}},
                                  {{"teamName", "b"}, {"score", nullptr}},
                                  {{"teamName", "c"}, {"score", 0.5}}}}});
  EXPECT_THAT(page.scores, ElementsAre(0.9, 0.5));
  EXPECT_EQ(page.rows, 3U);
}

TEST(KaggleSubmissionAnswers, ARangeTellsTheNextByte) {
  EXPECT_EQ(next_byte_of("bytes=0-41"), 42U);
  for (const auto* odd : {"", "bytes=5-9", "bytes=0-", "bytes=0-x", "0-41", "bytes=0-41x"}) {
    EXPECT_EQ(next_byte_of(odd), 0U) << odd;
  }
}

TEST(KaggleSubmissionAnswers, EachRefusalHasItsReason) {
  struct Case {
    int status;
    const char* message;
    const ErrorCode* reason;
  };
  const auto cases = {
      Case{400,
           "Submission not allowed: Your team has used its daily Submission allowance (5) today, "
           "please try again tomorrow UTC (4.2 hours from now).",
           &reasons::kKaggleDailyLimit},
      Case{400, "This competition only accepts Submissions from Notebooks.",
           &reasons::kKaggleCodeOnly},
      Case{400, "The deadline has passed", &reasons::kKaggleClosed},
      Case{400, "You do not have a Team in this Competition.", &reasons::kKaggleNotEntered},
      Case{400, "", &reasons::kSubmitFailed},
      Case{413, "", &reasons::kKaggleFileTooLarge},
      Case{401, "Unauthorized", &reasons::kKaggleAuth},
      Case{403, "You must accept the rules for this competition to perform this action.",
           &reasons::kKaggleRules},
      Case{404, "NotFound", &reasons::kCompetitionNotFound},
      Case{429, "Too many requests", &errors::kFull},
      Case{408, "", &errors::kUnavailable},
      Case{503, "", &errors::kUnavailable}};
  for (const auto& one : cases) {
    const auto error = submit_reason_of({.status = one.status, .message = one.message}, "titanic");
    EXPECT_EQ(error.code, one.reason) << one.status << " " << one.message;
    EXPECT_THAT(error.detail, HasSubstr(std::to_string(one.status)));
  }
}

}  // namespace
}  // namespace podium::scraper
