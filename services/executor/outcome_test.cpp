#include "services/executor/outcome.hpp"

#include <gtest/gtest.h>

namespace podium::executor {
namespace {

using namespace std::chrono_literals;

RunEnd ended_with(int exit_code, std::chrono::seconds wall = 10s) {
  RunEnd end;
  end.state.phase = SandboxPhase::ended;
  end.state.exit_code = exit_code;
  end.state.started_at = TimePoint{1000s};
  end.state.ended_at = TimePoint{1000s} + wall;
  end.limits.set_wall_seconds_max(60);
  end.limits.set_memory_bytes_max(1ULL << 30);
  end.limits.set_scratch_bytes_max(64ULL << 20);
  return end;
}

v1::RunOutcome outcome_of(const RunEnd& end) {
  return judge_end(end).outcome;
}

TEST(Outcome, ExitZeroIsOkUntilThePredictionsAreChecked) {
  EXPECT_EQ(outcome_of(ended_with(0)), v1::RUN_OUTCOME_OK);
  EXPECT_EQ(judge_end(ended_with(0)).message, "");
}

TEST(Outcome, AnExceptionIsACrash) {
  const auto finding = judge_end(ended_with(1));
  EXPECT_EQ(finding.outcome, v1::RUN_OUTCOME_CRASHED);
  EXPECT_EQ(finding.message, "the program ended with exit code 1");
}

TEST(Outcome, ASegmentationFaultIsACrashWithItsName) {
  EXPECT_EQ(judge_end(ended_with(139)).message,
            "the program ended with exit code 139 (segmentation fault)");
}

TEST(Outcome, TheLaunchersTimeIsUpIsTimedOut) {
  EXPECT_EQ(outcome_of(ended_with(124, 60s)), v1::RUN_OUTCOME_TIMED_OUT);
}

TEST(Outcome, AProgramsOwnExit124BeforeItsTimeIsACrash) {
  EXPECT_EQ(outcome_of(ended_with(124, 5s)), v1::RUN_OUTCOME_CRASHED);
}

TEST(Outcome, OurKillAtTheLimitIsTimedOut) {
  auto end = ended_with(137, 70s);
  end.why = WatchEnd::time_over;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_TIMED_OUT);
}

TEST(Outcome, KilledByTheKernelForMemoryIsOutOfMemory) {
  auto end = ended_with(137);
  end.state.out_of_memory = true;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_OUT_OF_MEMORY);
}

TEST(Outcome, AChildKilledForMemoryThatFailsTheProgramIsOutOfMemory) {
  auto end = ended_with(1);
  end.state.out_of_memory = true;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_OUT_OF_MEMORY);
}

TEST(Outcome, KilledWithMemoryAtTheLimitIsOutOfMemory) {
  auto end = ended_with(137);
  end.usage.memory_peak_bytes = 1020ULL << 20;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_OUT_OF_MEMORY);
}

TEST(Outcome, KilledWithLittleMemoryUsedIsACrash) {
  auto end = ended_with(137);
  end.usage.memory_peak_bytes = 100ULL << 20;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_CRASHED);
}

TEST(Outcome, AChildKilledForMemoryThatTheProgramSurvivedIsOkAndMarked) {
  auto end = ended_with(0);
  end.state.out_of_memory = true;
  const auto finding = judge_end(end);
  EXPECT_EQ(finding.outcome, v1::RUN_OUTCOME_OK);
  EXPECT_TRUE(finding.message.contains("killed for memory"));
}

TEST(Outcome, AFullWorkingFolderIsDiskFull) {
  auto end = ended_with(1);
  end.space = OutputSpace{.bytes = 48ULL << 20, .bytes_free = 0, .files_free = 100};
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_DISK_FULL);
}

TEST(Outcome, NoMoreFilesIsDiskFull) {
  auto end = ended_with(1);
  end.space = OutputSpace{.bytes = 48ULL << 20, .bytes_free = 40ULL << 20, .files_free = 0};
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_DISK_FULL);
}

TEST(Outcome, TheProgramsOwnWordsTellAFullTemporaryFolder) {
  auto end = ended_with(1);
  end.space = OutputSpace{.bytes = 48ULL << 20, .bytes_free = 40ULL << 20, .files_free = 100};
  end.log_end = "OSError: [Errno 28] No space left on device: '/tmp/x'";
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_DISK_FULL);
}

TEST(Outcome, WordsAloneDoNotFailAProgramThatEndedWell) {
  auto end = ended_with(0);
  end.log_end = "No space left on device";
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_OK);
}

TEST(Outcome, KilledTogetherWithItsOutputIsLost) {
  for (const int exit_code : {0, 137, 143}) {
    auto end = ended_with(exit_code);
    end.state.output_lost = true;
    EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_LOST) << exit_code;
  }
}

TEST(Outcome, ACrashStaysACrashThoughTheEngineRestartedLater) {
  auto end = ended_with(1);
  end.state.output_lost = true;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_CRASHED);
}

TEST(Outcome, StoppedIsCancelledAndVanishedIsLost) {
  auto end = ended_with(137);
  end.why = WatchEnd::stopped;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_CANCELLED);
  end.why = WatchEnd::lost;
  EXPECT_EQ(outcome_of(end), v1::RUN_OUTCOME_LOST);
}

TEST(Outcome, RefusedPredictionsAreAnInvalidSubmissionWithTheirCode) {
  v1::Verdict verdict;
  verdict.set_code("SUBMISSION_IDS");
  verdict.set_message("row 3 has an unknown id");
  const auto finding = judge_verdict(ended_with(0), {v1::RUN_OUTCOME_OK, ""}, verdict);
  EXPECT_EQ(finding.outcome, v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_EQ(finding.message, "SUBMISSION_IDS: row 3 has an unknown id");
}

TEST(Outcome, RefusedPredictionsInAFullFolderAreDiskFull) {
  auto end = ended_with(0);
  end.space = OutputSpace{.bytes = 48ULL << 20, .bytes_free = 0, .files_free = 100};
  EXPECT_EQ(judge_verdict(end, {v1::RUN_OUTCOME_OK, ""}, v1::Verdict{}).outcome,
            v1::RUN_OUTCOME_DISK_FULL);
}

TEST(Outcome, AcceptedPredictionsKeepTheFinding) {
  v1::Verdict verdict;
  verdict.set_accepted(true);
  const auto finding = judge_verdict(ended_with(0), {v1::RUN_OUTCOME_OK, "marked"}, verdict);
  EXPECT_EQ(finding.outcome, v1::RUN_OUTCOME_OK);
  EXPECT_EQ(finding.message, "marked");
}

TEST(Outcome, WallTimeIsTheEnginesOwn) {
  EXPECT_DOUBLE_EQ(wall_seconds_of(ended_with(0, 12s).state), 12);
  SandboxState never;
  EXPECT_DOUBLE_EQ(wall_seconds_of(never), 0);
}

}  // namespace
}  // namespace podium::executor
