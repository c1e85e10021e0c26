#include "services/scraper/submit_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/submit_limits.hpp"
#include "services/scraper/testing/fake_submitting.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
using testing::FakeClaims;
using testing::FakeDesk;
using testing::FakeJobEvents;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SubmitContext;
namespace reasons = competition::reasons;

constexpr const char* kSentJob = "0199b2c4-7a31-7000-8000-000000000001";
const TimePoint kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 23h;

v1::Event job_event(TimePoint time = kNow) {
  v1::Event event;
  event.set_job_id(kSentJob);
  *event.mutable_time() = to_proto(time);
  return event;
}

class SubmitStageTest : public ::testing::Test {
 protected:
  SubmitStageTest() : store_{open_directory_store(folder_.path() / "store").value()} {
    given_submit(v1::SUBMIT_MODE_BEST);
    auto scraped = job_event();
    scraped.mutable_scraped()->set_door(v1::COMPETITION_DOOR_KAGGLE);
    scraped.mutable_scraped()->set_slug("titanic");
    events_.keep(scraped);
    auto ended = job_event();
    ended.mutable_ended()->set_status(v1::JOB_STATUS_SUCCESS);
    ended.mutable_ended()->set_best_candidate_id("c2");
    ended.mutable_ended()->mutable_score()->set_value(0.81);
    *ended.mutable_ended()->mutable_submission() = store_->put_content("id,y\n1,0\n").value();
    events_.keep(ended);
  }
  void given_submit(v1::SubmitMode mode) {
    auto requested = job_event();
    requested.mutable_requested()->mutable_options()->set_submit(mode);
    requested.mutable_requested()->mutable_competition()->set_slug("titanic");
    events_.keep(requested);
  }
  v1::Event ended() { return events_.events.at("ended"); }
  static v1::Event asked_by_a_person() {
    auto event = job_event();
    event.mutable_submit_requested()->set_who("ada");
    return event;
  }
  Result<Events> handle(const v1::Event& event) {
    context_.again.reset();
    SubmitStage stage{desk_in_use_, events_, claims_, *store_, [this] { return now_; }};
    auto answers = stage.handle(event, context_);
    // As the bus does: kept, and there for the next handling.
    for (const auto& answer : answers.value_or(Events{})) events_.keep(answer);
    return answers;
  }
  v1::Event handled(const v1::Event& event) {
    const auto answers = handle(event);
    if (!answers || answers->size() != 1) {
      ADD_FAILURE() << (answers ? "not one event" : answers.error().text());
      return {};
    }
    return answers->front();
  }
  void expect_silence(const v1::Event& event) { EXPECT_THAT(handle(event).value(), IsEmpty()); }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  FakeJobEvents events_;
  FakeClaims claims_;
  FakeDesk desk_{claims_};
  SubmissionDesk* desk_in_use_ = &desk_;
  SubmitContext context_;
  TimePoint now_ = kNow;
};

TEST_F(SubmitStageTest, TheEndOfAJobThatAskedForItIsSubmittedWithTheLocalScore) {
  const auto submitted = handled(ended()).submitted();
  EXPECT_EQ(submitted.candidate_id(), "c2");
  EXPECT_EQ(submitted.reference(), "100");
  EXPECT_DOUBLE_EQ(submitted.local_score().value(), 0.81);
  EXPECT_EQ(submitted.submission().key(), ended().ended().submission().key());
  EXPECT_EQ(submitted.description(), desk_.kept.at(0).description);
  EXPECT_EQ(desk_.uploaded, "id,y\n1,0\n");
  EXPECT_EQ(context_.again, kScoreLookFirst) << "for the score";
}

TEST_F(SubmitStageTest, NothingIsSentUnlessAsked) {
  for (const auto mode :
       {v1::SUBMIT_MODE_UNSPECIFIED, v1::SUBMIT_MODE_NEVER, v1::SUBMIT_MODE_MANUAL}) {
    given_submit(mode);
    expect_silence(ended());
  }
  EXPECT_EQ(desk_.searches, 0);
  EXPECT_TRUE(handled(asked_by_a_person()).has_submitted());
}

TEST_F(SubmitStageTest, AJobThatDidNotSucceedIsSentOnlyWhenAPersonAsks) {
  auto cancelled = ended();
  cancelled.mutable_ended()->set_status(v1::JOB_STATUS_CANCELLED);
  events_.keep(cancelled);
  expect_silence(cancelled);
  EXPECT_TRUE(handled(asked_by_a_person()).has_submitted());
}

TEST_F(SubmitStageTest, TheScoreIsAskedForUntilItIsThere) {
  handled(ended());
  expect_silence(ended());
  EXPECT_EQ(context_.again, kScoreLookFirst);
  now_ = from_proto(events_.events.at("submitted").time()) + 60s;
  expect_silence(ended());
  EXPECT_EQ(context_.again, 30s);
  desk_.kept[0].sent.standing = Standing::scored;
  desk_.kept[0].sent.public_score = 0.77;
  const auto scored = handled(ended()).leaderboard_scored();
  EXPECT_DOUBLE_EQ(scored.public_score(), 0.77);
  EXPECT_EQ(scored.rank(), 3U);
  EXPECT_EQ(scored.teams(), 9U);
  EXPECT_DOUBLE_EQ(scored.local_score().value(), 0.81);
  EXPECT_FALSE(context_.again);
  expect_silence(ended());
  EXPECT_EQ(desk_.uploads, 1);
}

TEST_F(SubmitStageTest, AScoreThatIsNotShownIsNotZero) {
  handled(ended());
  desk_.kept[0].sent.standing = Standing::scored;
  EXPECT_TRUE(handled(ended()).leaderboard_scored().score_hidden());
}

TEST_F(SubmitStageTest, AScoreWithoutARankIsToldAllTheSame) {
  handled(ended());
  desk_.kept[0].sent.standing = Standing::scored;
  desk_.kept[0].sent.public_score = 0.5;
  desk_.board_fails = true;
  const auto scored = handled(ended()).leaderboard_scored();
  EXPECT_DOUBLE_EQ(scored.public_score(), 0.5);
  EXPECT_EQ(scored.rank(), 0U);
}

TEST_F(SubmitStageTest, ALostReplyIsFoundAndNotSentAgain) {
  desk_.lost_replies = 1;
  expect_silence(ended());
  EXPECT_TRUE(context_.again);
  EXPECT_EQ(handled(ended()).submitted().reference(), "100");
  EXPECT_EQ(desk_.kept.size(), 1U);
  EXPECT_EQ(desk_.uploads, 1);
}

TEST_F(SubmitStageTest, ALostReplyThatTheListShowsLateIsNotSentAgainWhileTheClaimLasts) {
  desk_.lost_replies = 1;
  desk_.shows_after = 4;
  expect_silence(ended());
  expect_silence(ended());
  EXPECT_LE(context_.again.value(), kClaimLookAgain);
  EXPECT_EQ(desk_.kept.size(), 1U);
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, ACallThatKaggleCarriesOutLongAfterItWasGivenUpIsNotMadeAgain) {
  desk_.refusals.push_back({&errors::kTimeout, "no answer for 30 s"});
  expect_silence(ended());
  for (context_.delivery = 2; context_.delivery < 9; ++context_.delivery) {
    expect_silence(ended());
    EXPECT_LE(context_.again.value(), kClaimLookMax);
  }
  expect_silence(asked_by_a_person());
  EXPECT_EQ(desk_.calls, 1);
  SentSubmission late;
  late.reference = "77";
  desk_.kept.push_back({submission_description(kSentJob, ended().ended().submission()), late});
  EXPECT_EQ(handled(ended()).submitted().reference(), "77");
  EXPECT_EQ(desk_.calls, 1);
  EXPECT_EQ(desk_.uploads, 1);
}

TEST_F(SubmitStageTest, ACallOfUnknownOutcomeThatCameToNothingIsMadeAgainOnceThatIsKnown) {
  for (const auto* code : {&errors::kTimeout, &errors::kUnavailable, &errors::kStopped}) {
    desk_.refusals.push_back({code, "nothing is known"});
    std::ignore = handle(ended());
    EXPECT_TRUE(claims_.call_begun) << code->name;
    expect_silence(ended());
    claims_.settle();
  }
  EXPECT_TRUE(handled(ended()).has_submitted());
  EXPECT_EQ(desk_.calls, 4);
}

TEST_F(SubmitStageTest, ACrashInTheLastCallIsLookedForBeforeTheNext) {
  claims_.taken = claims_.call_begun = true;
  expect_silence(ended());
  EXPECT_EQ(desk_.uploads, 0);
  EXPECT_EQ(desk_.calls, 0);
  claims_.settle();
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, ACallThatDidNothingIsMadeAgainAtOnce) {
  desk_.refusals.push_back({&errors::kFull, "429"});
  expect_silence(ended());
  EXPECT_FALSE(claims_.taken);
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, WhoLostTheTurnBeforeTheLastCallDoesNotMakeIt) {
  claims_.overtaken = true;
  expect_silence(ended());
  EXPECT_TRUE(context_.again);
  EXPECT_EQ(desk_.calls, 0);
}

TEST_F(SubmitStageTest, AListThatFailsBeforeTheLastCallFreesTheClaim) {
  desk_.fails_at = 2;
  expect_silence(ended());
  EXPECT_FALSE(claims_.taken);
  EXPECT_EQ(desk_.calls, 0);
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, ACrashAfterTheLastCallIsFoundByTheNext) {
  handled(ended());
  events_.events.erase("submitted");  // it was never published
  EXPECT_EQ(handled(ended()).submitted().reference(), "100");
  EXPECT_EQ(desk_.kept.size(), 1U);
}

TEST_F(SubmitStageTest, WhoIsAskedTwiceSendsOnce) {
  handled(ended());
  expect_silence(asked_by_a_person());
  desk_.kept[0].sent.standing = Standing::scored;
  desk_.kept[0].sent.public_score = 0.5;
  EXPECT_TRUE(handled(asked_by_a_person()).has_leaderboard_scored());
  EXPECT_EQ(desk_.kept.size(), 1U);
}

TEST_F(SubmitStageTest, WhileAnotherScraperSendsItNothingIsSent) {
  claims_.taken = true;
  expect_silence(ended());
  EXPECT_LE(context_.again.value(), kClaimLookAgain);
  EXPECT_TRUE(desk_.kept.empty());
  EXPECT_EQ(desk_.uploads, 0);
}

TEST_F(SubmitStageTest, AUsedUpDayIsWaitedForAndTold) {
  desk_.allowance = Error{&reasons::kKaggleDailyLimit, "5 submissions were made today"};
  expect_silence(ended());
  EXPECT_EQ(context_.again, kAllowanceLookMax);
  ASSERT_EQ(context_.emitted.size(), 1U);
  EXPECT_THAT(context_.emitted[0].progressed().detail(), HasSubstr("after 2026-11-23 00:02 UTC"));
  desk_.allowance.reset();
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, ADayThatIsRefusedByTheLastCallFreesTheClaim) {
  desk_.refusals.push_back({&reasons::kKaggleDailyLimit, "used"});
  expect_silence(ended());
  EXPECT_FALSE(claims_.taken);
  EXPECT_TRUE(handled(ended()).has_submitted());
}

TEST_F(SubmitStageTest, DaysThatAreNeverFreeEndWithAReason) {
  context_.delivery = 2;
  desk_.allowance = Error{&reasons::kKaggleDailyLimit, "5 submissions were made today"};
  now_ = kNow + kAllowanceWaitMax;
  const auto failed = handled(ended()).submit_failed();
  EXPECT_EQ(failed.reason_code(), "KAGGLE_DAILY_LIMIT");
  EXPECT_THAT(failed.next_step(), HasSubstr(std::string{"podium submit "} + kSentJob));
}

TEST_F(SubmitStageTest, ARefusalIsToldWithReasonAndNextStepAndMayBeAskedForAgain) {
  desk_.refusal = Error{&reasons::kKaggleRules, "Open the page"};
  const auto event = handled(ended());
  EXPECT_EQ(event.submit_failed().reason_code(), "KAGGLE_RULES");
  EXPECT_EQ(event.submit_failed().message(), "Open the page");
  EXPECT_THAT(event.submit_failed().next_step(), HasSubstr("podium submit"));
  EXPECT_EQ(desk_.uploads, 0);
  expect_silence(ended());
  EXPECT_EQ(desk_.searches, 1) << "a repeat of what was answered asks nobody";
  desk_.refusal.reset();
  events_.events.at("submit_failed").set_id("of another request");
  EXPECT_TRUE(handled(asked_by_a_person()).has_submitted());
}

TEST_F(SubmitStageTest, WhatKaggleCannotScoreIsToldInItsWords) {
  handled(ended());
  desk_.kept[0].sent.standing = Standing::refused;
  desk_.kept[0].sent.problem = "Submission must have 418 rows";
  const auto failed = handled(ended()).submit_failed();
  EXPECT_EQ(failed.reason_code(), "KAGGLE_SCORING_FAILED");
  EXPECT_EQ(failed.message(), "Submission must have 418 rows");
  EXPECT_EQ(failed.reference(), "100");
}

TEST_F(SubmitStageTest, AScoreThatNeverComesEndsWithAReason) {
  context_.delivery = 2;
  handled(ended());
  now_ = from_proto(events_.events.at("submitted").time()) + kScoreWaitMax + 1min;
  EXPECT_EQ(handled(ended()).submit_failed().reason_code(), "KAGGLE_NO_SCORE");
}

TEST_F(SubmitStageTest, AKaggleThatDoesNotAnswerIsAskedAgainWithAGrowingDelayThenTold) {
  desk_.closed = Error{&errors::kUnavailable, "Kaggle answered 503"};
  expect_silence(ended());
  const auto first = context_.again.value();
  context_.delivery = 9;
  expect_silence(ended());
  EXPECT_GT(context_.again.value(), first);
  EXPECT_LE(context_.again.value(), kTroubleDelayMax);
  now_ = kNow + kTroubleMax + 1min;
  const auto failed = handled(ended()).submit_failed();
  EXPECT_EQ(failed.reason_code(), "SUBMIT_FAILED");
  EXPECT_THAT(failed.message(), HasSubstr("503"));
}

TEST_F(SubmitStageTest, WhatDidNotComeFromKaggleIsNotSentThere) {
  auto scraped = job_event();
  scraped.mutable_scraped()->set_door(v1::COMPETITION_DOOR_CATALOGUE);
  events_.keep(scraped);
  EXPECT_EQ(handled(ended()).submit_failed().reason_code(), "NOT_AT_KAGGLE");
}

TEST_F(SubmitStageTest, AnEndThatIsHeardOfADayLateIsNotSubmittedByItself) {
  now_ = kNow + kEndedAgeMax + 1min;
  const auto failed = handled(ended()).submit_failed();
  EXPECT_EQ(failed.reason_code(), "SUBMIT_FAILED");
  EXPECT_THAT(failed.message(), HasSubstr("too long ago"));
  EXPECT_FALSE(context_.again);
  context_.at = 8;
  EXPECT_TRUE(handled(asked_by_a_person()).has_submitted());
}

TEST_F(SubmitStageTest, AJobWhoseEventsAreNoLongerKeptIsToldSo) {
  events_.events.erase("scraped");
  const auto failed = handled(asked_by_a_person()).submit_failed();
  EXPECT_EQ(failed.reason_code(), "SUBMIT_FAILED");
  EXPECT_THAT(failed.message(), HasSubstr("no longer kept"));
}

TEST_F(SubmitStageTest, WithoutCredentialsItSaysSo) {
  desk_in_use_ = nullptr;
  EXPECT_EQ(handled(ended()).submit_failed().reason_code(), "KAGGLE_AUTH");
}

TEST_F(SubmitStageTest, AStopHandsTheWorkBack) {
  desk_.closed = Error{&errors::kStopped, "stopping"};
  const auto answers = handle(ended());
  ASSERT_FALSE(answers);
  EXPECT_TRUE(answers.error().is(errors::kStopped));
}

TEST(SubmissionDescription, IsShortPlainAndNamesJobAndFile) {
  v1::ArtifactRef file;
  file.set_sha256(std::string(64, 'a'));
  EXPECT_EQ(submission_description(kSentJob, file),
            std::string{"podium "} + kSentJob + " aaaaaaaaaaaaaaaa");
}

TEST(ScoreDelay, GrowsWithTheWait) {
  EXPECT_EQ(score_delay(0s), kScoreLookFirst);
  EXPECT_EQ(score_delay(40s), 20s);
  EXPECT_EQ(score_delay(10h), kScoreLookMax);
}

}  // namespace
}  // namespace podium::scraper
