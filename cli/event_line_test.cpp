#include "cli/event_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

v1::Event at(double seconds, const std::string& producer) {
  v1::Event event;
  event.set_producer(producer);
  const auto millis = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
  *event.mutable_time() = to_proto(TimePoint{millis});
  return event;
}

std::string text_of(const v1::Event& event, int columns = 0) {
  return line_text(event_line(event, TimePoint{}), false, columns);
}

v1::Event executed(v1::RunOutcome outcome) {
  auto event = at(12.4, "executor");
  auto& run = *event.mutable_executed();
  run.set_candidate_id("c1");
  run.set_outcome(outcome);
  run.set_wall_seconds(9.8);
  return event;
}

TEST(EventLine, ExecutedSaysScoreOutcomeAndTime) {
  auto event = executed(v1::RUN_OUTCOME_OK);
  auto& score = *event.mutable_executed()->mutable_score();
  score.set_metric("accuracy");
  score.set_value(0.8215);
  score.set_spread(0.012);
  score.set_kind(v1::SCORE_KIND_REPORTED);
  EXPECT_EQ(text_of(event),
            "+  12.4s  executor  executed          c1   "
            "accuracy 0.8215 ± 0.012 (reported)  ok  9.8 s");
}

TEST(EventLine, CrashSaysExitCodeAndLastLine) {
  auto event = executed(v1::RUN_OUTCOME_CRASHED);
  event.mutable_executed()->set_exit_code(1);
  event.mutable_executed()->set_log_tail("Traceback:\nKeyError: 'Age'\n\n");
  EXPECT_THAT(text_of(event), EndsWith("crashed (exit 1)  9.8 s  KeyError: 'Age'"));
}

TEST(EventLine, RefusedSubmissionSaysTheVerdict) {
  auto event = executed(v1::RUN_OUTCOME_INVALID_SUBMISSION);
  event.mutable_executed()->mutable_verdict()->set_code("SUBMISSION_IDS");
  event.mutable_executed()->mutable_verdict()->set_message("row 7 has an unknown id");
  EXPECT_THAT(text_of(event), HasSubstr("SUBMISSION_IDS: row 7 has an unknown id"));
}

TEST(EventLine, NothingAStrangerWroteSteersTheTerminal) {
  auto event = at(1, "codegen");
  event.mutable_drafted()->set_candidate_id("c1");
  event.mutable_drafted()->set_plan_line("boost\x1b[2J\nand blend");
  EXPECT_THAT(text_of(event), EndsWith("boost[2J and blend"));
}

TEST(EventLine, ProgressSaysHowMuchAndHowFast) {
  auto event = at(3, "scraper");
  auto& progressed = *event.mutable_progressed();
  progressed.set_phase("fetching");
  progressed.set_unit("bytes");
  progressed.set_done(12'300'000);
  EXPECT_THAT(text_of(event), EndsWith("fetching  12.3 MB"));
  progressed.set_total(40'000'000);
  EXPECT_THAT(text_of(event), EndsWith("fetching  12.3 MB of 40.0 MB"));
  progressed.set_bytes_per_second(3'100'000);
  EXPECT_THAT(text_of(event), EndsWith("fetching  12.3 MB of 40.0 MB  3.1 MB/s"));
}

TEST(EventLine, LongFactsAreCutToTheTerminal) {
  auto event = at(1, "codegen");
  event.mutable_drafted()->set_plan_line(std::string(200, 'x'));
  const auto text = text_of(event, 80);
  EXPECT_EQ(columns_of(text), 80U);
  EXPECT_THAT(text, EndsWith("…"));
}

TEST(EventLine, TimesKeepTheirWidth) {
  auto event = at(0, "gateway");
  event.mutable_requested()->mutable_competition()->set_slug("titanic");
  EXPECT_THAT(text_of(event), ::testing::StartsWith("+   0.0s  gateway   requested"));
  *event.mutable_time() = to_proto(TimePoint{std::chrono::seconds{754}});
  EXPECT_THAT(text_of(event), ::testing::StartsWith("+ 12m34s  gateway"));
  *event.mutable_time() = to_proto(TimePoint{std::chrono::seconds{3'720}});
  EXPECT_THAT(text_of(event), ::testing::StartsWith("+  1h02m  gateway"));
}

TEST(EventLine, EveryEventHasAFact) {
  auto event = at(1, "test");
  event.mutable_scrape_failed()->set_reason_code("KAGGLE_AUTH");
  EXPECT_THAT(text_of(event), HasSubstr("KAGGLE_AUTH"));
  event.mutable_cancel_requested()->set_who("ada");
  EXPECT_THAT(text_of(event), HasSubstr("by ada"));
  event.mutable_draft_failed()->set_candidate_id("c7");
  EXPECT_THAT(text_of(event), HasSubstr("c7"));
  event.mutable_stage_failed()->set_message("gave up");
  EXPECT_THAT(text_of(event), HasSubstr("gave up"));
  event.mutable_leaderboard_scored()->set_public_score(0.77);
  EXPECT_THAT(text_of(event), HasSubstr("0.77"));
  event.mutable_leaderboard_scored()->mutable_local_score()->set_value(0.81);
  EXPECT_THAT(text_of(event), HasSubstr("here score 0.8100"));
  event.mutable_leaderboard_scored()->set_score_hidden(true);
  EXPECT_THAT(text_of(event), HasSubstr("not shown"));
  event.mutable_submitted()->set_reference("42");
  EXPECT_THAT(text_of(event), HasSubstr("as 42"));
  event.mutable_submit_failed()->set_reason_code("KAGGLE_CLOSED");
  EXPECT_THAT(text_of(event), HasSubstr("KAGGLE_CLOSED"));
  event.mutable_ended()->set_status(v1::JOB_STATUS_TIMEOUT);
  EXPECT_THAT(text_of(event), HasSubstr("timeout"));
  event.mutable_started()->mutable_limits()->set_cpu_milli(1'500);
  EXPECT_THAT(text_of(event), HasSubstr("1.5 cpu"));
  event.mutable_progressed()->set_phase("unpacking");
  EXPECT_THAT(text_of(event), HasSubstr("unpacking"));
  event.mutable_draft_requested()->set_kind(v1::CANDIDATE_KIND_DEBUG);
  EXPECT_THAT(text_of(event), HasSubstr("debug"));
}

TEST(ScoreText, SmallAndLargeValuesStayReadable) {
  EXPECT_EQ(score_text("rmsle", 0.00012345, 0, ""), "rmsle 0.00012345");
  EXPECT_EQ(score_text("rmse", 123'456.7, 0, "trusted"), "rmse 1.2346e+05 (trusted)");
  EXPECT_EQ(score_text("", 0.5, 0, ""), "score 0.5000");
}

TEST(DurationText, HasTheUnitThatFits) {
  EXPECT_EQ(duration_text(std::chrono::milliseconds{9'800}), "9.8 s");
  EXPECT_EQ(duration_text(std::chrono::seconds{125}), "2 min 05 s");
  EXPECT_EQ(duration_text(std::chrono::seconds{3'720}), "1 h 02 min");
}

TEST(BytesText, HasTheUnitThatFits) {
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(12'300'000), "12.3 MB");
}

}  // namespace
}  // namespace podium::cli
