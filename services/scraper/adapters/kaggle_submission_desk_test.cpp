// The desk against the Kaggle stand-in, which Kaggle's own client accepts.
#include "services/scraper/adapters/kaggle_submission_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "tests/support/kaggle_standin.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
namespace reasons = competition::reasons;

const std::string kDescription = "podium 0199b2c4 aaaa";

std::string sample_submission() {
  std::ifstream file{std::string{PODIUM_SOURCE_DIR} +
                     "/competitions/titanic/data/sample_submission.csv"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

class KaggleDesk : public ::testing::Test {
 protected:
  SubmissionPlace open() { return desk_.open(competition(), {}).value(); }
  static v1::CompetitionRequest competition() {
    v1::CompetitionRequest request;
    request.set_slug("titanic");
    return request;
  }
  SubmissionFile file() {
    return {.name = "submission.csv",
            .bytes = content_.size(),
            .read = [this](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
              return content_.substr(offset, length);
            }};
  }
  Result<std::string> submit(const std::string& description = kDescription) {
    const auto place = open();
    const auto token = PODIUM_TRY(desk_.upload(place, file(), {}));
    return desk_.submit(place, token, description, {});
  }
  Result<SentSubmission> look(const std::string& reference) {
    return desk_.look("titanic", reference, {});
  }
  const ErrorCode* reason_of_submitting() {
    const auto refused = submit();
    return refused ? nullptr : refused.error().code;
  }
  void refuse(const std::string& route, const std::string& message) {
    kaggle_.fault(
        {{"fault", "refused"}, {"message", message}, {"on", {{"route", route}}}, {"times", 1}});
  }

  podium::testing::KaggleStandin kaggle_;
  std::string content_ = sample_submission();
  std::vector<std::chrono::milliseconds> waits_;
  KaggleSubmissionDesk desk_{
      {.endpoint = {.url = kaggle_.api_url(),
                    .authorization = Secret{"Bearer " + podium::testing::KaggleStandin::token()}},
       .storage_hosts = {kaggle_.storage_host()}},
      [this](std::chrono::milliseconds wait, const std::stop_token& stop) {
        waits_.push_back(wait);
        return !stop.stop_requested();
      }};
};

TEST_F(KaggleDesk, AFileBecomesASubmissionThatIsFoundByItsDescriptionAndScored) {
  kaggle_.change(
      "titanic",
      {{"pending_polls", 2},
       {"score", "0.5"},
       {"leaderboard",
        {{{"teamName", "a"}, {"score", "0.99999"}}, {{"teamName", "b"}, {"score", "0.00001"}}}}});
  const auto place = open();
  EXPECT_FALSE(place.refusal);
  EXPECT_FALSE(desk_.find(place, kDescription, {}).value());
  EXPECT_TRUE(desk_.check_allowance(place, {}));
  const auto reference = submit().value();
  EXPECT_EQ(kaggle_.submissions().size(), 1U);
  EXPECT_EQ(kaggle_.submissions()[0].at("bytes"), content_.size());
  EXPECT_EQ(desk_.find(place, kDescription, {}).value()->reference, reference);
  EXPECT_EQ(look(reference).value().standing, Standing::pending);
  const auto scored = look(reference).value();
  ASSERT_EQ(scored.standing, Standing::scored);
  const auto on_board = desk_.place_of(place, scored.public_score.value(), true, {}).value();
  EXPECT_EQ(on_board.rank, 2U);
  EXPECT_EQ(on_board.teams, 3U);
  EXPECT_EQ(kaggle_.counts().at("leaks"), 0);
}

TEST_F(KaggleDesk, TheOrderOfTheBoardSaysWhichScoreIsBetter) {
  kaggle_.change(
      "titanic",
      {{"is_minimized", true},
       {"leaderboard",
        {{{"teamName", "a"}, {"score", "0.1"}}, {{"teamName", "b"}, {"score", "0.9"}}}}});
  EXPECT_EQ(desk_.place_of(open(), 0.5, true, {}).value().rank, 2U);
  EXPECT_EQ(desk_.place_of(open(), 0.05, true, {}).value().rank, 1U);
}

TEST_F(KaggleDesk, APublicScoreStandsOnThePublicBoardAlsoWhenTheCompetitionIsOver) {
  const json rows = {{{"teamName", "a"}, {"score", "0.9"}, {"privateScore", "0.4"}},
                     {{"teamName", "b"}, {"score", "0.8"}, {"privateScore", "0.3"}}};
  kaggle_.change("titanic",
                 {{"leaderboard", rows}, {"facts", {{"deadline", "2020-01-01T00:00:00Z"}}}});
  EXPECT_EQ(desk_.place_of(open(), 0.7, true, {}).value().rank, 3U);
}

TEST_F(KaggleDesk, AnUploadThatIsCutGoesOnWhereItStopped) {
  content_ = std::string(900'000, 'x');
  kaggle_.fault({{"fault", "cut_upload"}, {"at", 0.4}, {"times", 1}});
  const auto token = desk_.upload(open(), file(), {});
  ASSERT_TRUE(token) << token.error().text();
  EXPECT_EQ(kaggle_.calls_of("StartSubmissionUpload"), 1);
  EXPECT_EQ(kaggle_.calls_of("storage.upload"), 2);
  EXPECT_TRUE(desk_.submit(open(), *token, kDescription, {}));
  EXPECT_EQ(kaggle_.submissions()[0].at("bytes"), content_.size());
}

TEST_F(KaggleDesk, ABusyStorageIsAskedHowMuchItHas) {
  kaggle_.fault({{"fault", "unavailable"}, {"on", {{"route", "storage.upload"}}}, {"times", 2}});
  EXPECT_TRUE(desk_.upload(open(), file(), {}));
  EXPECT_FALSE(waits_.empty());
}

TEST_F(KaggleDesk, ALostSessionIsBegunAnew) {
  kaggle_.fault({{"fault", "not_found"}, {"on", {{"route", "storage.upload"}}}, {"times", 1}});
  EXPECT_TRUE(desk_.upload(open(), file(), {}));
  EXPECT_EQ(kaggle_.calls_of("StartSubmissionUpload"), 2);
}

TEST_F(KaggleDesk, AStorageThatNeverAnswersIsGivenUpForNow) {
  kaggle_.fault({{"fault", "dropped"}, {"on", {{"listener", "storage"}}}});
  const auto token = desk_.upload(open(), file(), {});
  ASSERT_FALSE(token);
  EXPECT_TRUE(token.error().is(errors::kUnavailable));
  EXPECT_EQ(waits_.size(), static_cast<std::size_t>(kKaggleCutsMax));
}

TEST_F(KaggleDesk, ALostReplyLeavesTheSubmissionToBeFound) {
  kaggle_.fault({{"fault", "lost_reply"}, {"on", {{"route", "CreateSubmission"}}}, {"times", 1}});
  const auto reference = submit();
  ASSERT_FALSE(reference);
  EXPECT_EQ(reference.error().code->disposition, Disposition::retry);
  EXPECT_TRUE(desk_.find(open(), kDescription, {}).value());
  EXPECT_EQ(kaggle_.submissions().size(), 1U);
}

TEST_F(KaggleDesk, TheLastCallIsNotRepeatedByItself) {
  const std::map<std::string, const ErrorCode*> faults = {{"unavailable", &errors::kUnavailable},
                                                          {"server_error", &errors::kUnavailable},
                                                          {"rate_limited", &errors::kFull}};
  for (const auto& [fault, code] : faults) {
    const auto before = kaggle_.calls_of("CreateSubmission");
    kaggle_.fault({{"fault", fault}, {"on", {{"route", "CreateSubmission"}}}, {"times", 1}});
    const auto reference = submit();
    ASSERT_FALSE(reference);
    EXPECT_TRUE(reference.error().is(*code)) << fault;
    EXPECT_EQ(kaggle_.calls_of("CreateSubmission"), before + 1);
  }
}

TEST_F(KaggleDesk, AUsedUpDayIsToldBeforeAndByTheLastCallAndEnds) {
  kaggle_.change("titanic", {{"facts", {{"maxDailySubmissions", 1}}}});
  ASSERT_TRUE(submit("first"));
  const auto refused = desk_.check_allowance(open(), {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleDailyLimit));
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleDailyLimit);
  kaggle_.advance(24h);
  EXPECT_TRUE(desk_.check_allowance(open(), {}));
  EXPECT_TRUE(submit());
}

TEST_F(KaggleDesk, AKaggleThatTellsNoLimitsIsAskedAllTheSame) {
  kaggle_.fault({{"fault", "not_found"}, {"on", {{"route", "GetSubmissionLimits"}}}});
  EXPECT_TRUE(desk_.check_allowance(open(), {}));
}

TEST_F(KaggleDesk, ACompetitionThatOnlyTheSearchKnowsTakesSubmissionsToo) {
  kaggle_.fault({{"fault", "not_found"}, {"on", {{"route", "GetCompetition"}}}});
  EXPECT_EQ(open().name, "titanic");
  EXPECT_TRUE(submit());
}

TEST_F(KaggleDesk, AllSubmissionsUsedIsAnotherReason) {
  kaggle_.change("titanic", {{"max_total_submissions", 1}});
  ASSERT_TRUE(submit("first"));
  EXPECT_TRUE(desk_.check_allowance(open(), {}).error().is(reasons::kKaggleSubmissionsSpent));
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleSubmissionsSpent);
}

TEST_F(KaggleDesk, WhatKaggleDoesNotTakeHasItsReasonAndThePage) {
  kaggle_.change("titanic", {{"facts", {{"isKernelsSubmissionsOnly", true}}}});
  ASSERT_TRUE(open().refusal);
  EXPECT_TRUE(open().refusal->is(reasons::kKaggleCodeOnly));
  EXPECT_THAT(open().refusal->detail, HasSubstr("https://www.kaggle.com/competitions/titanic"));
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleCodeOnly);
  kaggle_.change("titanic",
                 {{"facts", {{"isKernelsSubmissionsOnly", false}, {"submissionsDisabled", true}}}});
  EXPECT_TRUE(open().refusal->is(reasons::kKaggleClosed));
  kaggle_.change(
      "titanic",
      {{"facts", {{"submissionsDisabled", false}, {"deadline", "2020-01-01T00:00:00Z"}}}});
  EXPECT_FALSE(open().refusal) << "many take late submissions";
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleClosed);
}

TEST_F(KaggleDesk, DoorsThatAPersonMustOpenAreNamed) {
  kaggle_.change("titanic", {{"access", "rules_not_accepted"}});
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleRules);
  kaggle_.change("titanic", {{"access", "not_entered"}});
  EXPECT_TRUE(open().refusal->is(reasons::kKaggleNotEntered));
  kaggle_.change("titanic", {{"access", "entered"}});
  kaggle_.fault({{"fault", "unauthorized"}, {"on", {{"route", "CreateSubmission"}}}});
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleAuth);
  refuse("StartSubmissionUpload", "Submission file is too large");
  EXPECT_EQ(reason_of_submitting(), &reasons::kKaggleFileTooLarge);
}

TEST_F(KaggleDesk, AListThatIsRefusedBeforeTheFirstSubmissionIsEmpty) {
  kaggle_.change("titanic", {{"no_team_error", true}});
  EXPECT_FALSE(desk_.find(open(), kDescription, {}).value());
}

TEST_F(KaggleDesk, AListThatCannotBeReadIsNoEmptyList) {
  for (const auto* fault : {"html", "not_json", "unavailable", "dropped"}) {
    const auto place = open();
    kaggle_.fault({{"fault", fault}, {"on", {{"route", "ListSubmissions"}}}});
    const auto found = desk_.find(place, kDescription, {});
    ASSERT_FALSE(found) << fault;
    EXPECT_EQ(found.error().code->disposition, Disposition::retry) << fault;
    kaggle_.fault(json::array());
  }
}

TEST_F(KaggleDesk, ASubmissionThatIsNotYetThereIsPending) {
  kaggle_.change("titanic", {{"pending_polls", 0}});
  const auto reference = submit().value();
  kaggle_.fault({{"fault", "not_found"}, {"on", {{"route", "GetSubmission"}}}, {"times", 1}});
  const auto looked = look(reference);
  ASSERT_TRUE(looked) << looked.error().text();
  EXPECT_EQ(looked->standing, Standing::pending);
  EXPECT_EQ(looked->reference, reference);
  EXPECT_EQ(look(reference).value().standing, Standing::scored);
}

TEST_F(KaggleDesk, AQuestionForTheScoreThatIsRefusedNamesTheCompetition) {
  const auto reference = submit().value();
  for (const int status : {400, 403}) {
    kaggle_.fault({{"fault", "refused"},
                   {"status", status},
                   {"on", {{"route", "GetSubmission"}}},
                   {"times", 1}});
    const auto looked = look(reference);
    ASSERT_FALSE(looked) << status;
    EXPECT_THAT(looked.error().detail, HasSubstr("https://www.kaggle.com/competitions/titanic"));
  }
}

TEST_F(KaggleDesk, WhatKaggleCannotScoreIsRefusedInItsWords) {
  kaggle_.change("titanic", {{"error", "Submission must have 418 rows"}, {"pending_polls", 0}});
  const auto looked = look(submit().value()).value();
  EXPECT_EQ(looked.standing, Standing::refused);
  EXPECT_EQ(looked.problem, "Submission must have 418 rows");
}

TEST_F(KaggleDesk, AHiddenScoreIsNone) {
  kaggle_.change("titanic", {{"scores_hidden", true}, {"pending_polls", 0}});
  const auto looked = look(submit().value()).value();
  EXPECT_EQ(looked.standing, Standing::scored);
  EXPECT_FALSE(looked.public_score);
}

}  // namespace
}  // namespace podium::scraper
