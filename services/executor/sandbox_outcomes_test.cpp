// What a program does in a real sandbox, and what is told about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/executor/limits.hpp"
#include "services/executor/testing/engine_fixture.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::executor {
namespace {

using podium::testing::wait_until;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class SandboxOutcomes : public fakes::EngineTest {};

constexpr auto kGoodProgram = R"(
import csv, json, time
time.sleep(0.2)
with open("/kaggle/input/tiny/test.csv") as file:
    rows = list(csv.DictReader(file))
with open("submission.csv", "w") as file:
    file.write("id,y\n")
    for row in rows:
        file.write(f"{row['id']},{2 * int(row['x'])}\n")
print(json.dumps({"metric": "rmse", "value": 0.5, "folds": 3, "spread": 0.1}))
)";

TEST_F(SandboxOutcomes, AGoodProgramGivesACheckedSubmission) {
  const auto executed = run(kGoodProgram);
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message() << log_of(executed);
  EXPECT_EQ(artifacts_->get(executed.submission().key(), 1000).value(), "id,y\n1,10\n2,12\n3,14\n");
  EXPECT_DOUBLE_EQ(executed.score().value(), 0.5);
  EXPECT_EQ(executed.exit_code(), 0);
  EXPECT_GT(executed.wall_seconds(), 0);
  EXPECT_THAT(executed.log_tail(), HasSubstr("\"metric\""));
}

TEST_F(SandboxOutcomes, AnExceptionIsACrashWithItsTraceback) {
  const auto executed = run("raise ValueError('no such column')");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_EQ(executed.exit_code(), 1);
  EXPECT_THAT(executed.log_tail(), HasSubstr("ValueError: no such column"));
}

TEST_F(SandboxOutcomes, ASegmentationFaultIsACrashWithItsSignal) {
  const auto executed = run("import ctypes; ctypes.string_at(0)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_EQ(executed.exit_code(), 139);
}

TEST_F(SandboxOutcomes, TooMuchMemoryIsOutOfMemory) {
  const auto executed = run("keep = [bytearray(b'x' * 50_000_000) for _ in range(100)]");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OUT_OF_MEMORY) << executed.message();
}

TEST_F(SandboxOutcomes, AChildKilledForMemoryThatFailsTheProgramIsOutOfMemory) {
  const auto executed = run(R"(
import subprocess, sys
subprocess.run([sys.executable, "-c", "keep = [bytearray(b'x' * 50_000_000) for _ in range(100)]"],
               check=True)
)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OUT_OF_MEMORY) << executed.message();
}

TEST_F(SandboxOutcomes, AFullWorkingFolderIsDiskFull) {
  const auto executed = run(R"(
import os
while True:
    try:
        for number in range(100):
            with open(f"file-{number}", "ab") as file:
                file.write(b"x" * 1_000_000)
    except OSError:
        os._exit(1)
)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_DISK_FULL) << executed.message();
}

TEST_F(SandboxOutcomes, AFullTemporaryFolderIsDiskFull) {
  const auto executed = run("open('/tmp/large', 'wb').write(b'x' * 20_000_000)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_DISK_FULL) << executed.message();
}

TEST_F(SandboxOutcomes, TooManyFilesIsDiskFull) {
  const auto executed = run("for n in range(200_000): open(f'file-{n}', 'w').close()");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_DISK_FULL) << executed.message();
}

TEST_F(SandboxOutcomes, AProgramThatIgnoresItsTimeIsTimedOut) {
  limits_.set_wall_seconds_max(2);
  const auto executed = run(R"(
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True: time.sleep(1)
)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_TIMED_OUT);
  EXPECT_GE(executed.wall_seconds(), 2);
  EXPECT_LT(executed.wall_seconds(), 2 + kKillGrace.count());
}

TEST_F(SandboxOutcomes, AForkBombIsHeldByItsNumberOfProcesses) {
  const auto executed = run(R"(
import os, time
children = 0
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        children += 1
except BlockingIOError:
    print("children", children, flush=True)
    raise
)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_THAT(executed.log_tail(), ContainsRegex("children [0-9]{1,2}\n"));
}

TEST_F(SandboxOutcomes, AFloodOfOutputIsCutAndItsEndIsKept) {
  const auto executed = run(R"(
for _ in range(20): print("x" * 999_999)
for number in range(50_000): print("line", number)
print("the last words")
)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_LE(executed.log().bytes(), limits_.log_bytes_max() + kLogEndBytesMax + 200);
  EXPECT_THAT(log_of(executed), HasSubstr("[podium: the log was cut"));
  EXPECT_THAT(executed.log_tail(), HasSubstr("the last words"));
}

TEST_F(SandboxOutcomes, LinesAreSeenWhileTheProgramStillRuns) {
  const auto ticket = ticket_for(R"(
import time
print("first line", flush=True)
time.sleep(600)
)");
  LiveRun live{ticket};
  auto stage = this->stage(runtime_, *claims_);
  std::jthread worker{[&] { stage.handle(live); }};
  EXPECT_TRUE(wait_until([&] { return ledger_.count("log_lines") > 0; }, 60s));
  EXPECT_EQ(ledger_.count("executed"), 0);
  live.stop(StopReason::unwanted);
  worker.join();
  for (const auto& event : ledger_.events()) {
    if (!event.has_log_lines()) continue;
    EXPECT_EQ(event.log_lines().lines(0), "first line");
  }
}

TEST_F(SandboxOutcomes, ACancelledRunIsKilledAtOnce) {
  const auto ticket = ticket_for("import time; time.sleep(600)");
  LiveRun live{ticket};
  auto stage = this->stage(runtime_, *claims_);
  std::jthread worker{[&] { stage.handle(live); }};
  ASSERT_TRUE(
      wait_until([&] { return live.claim() && live.claim()->claim.has_started_at(); }, 60s));
  const auto asked = std::chrono::steady_clock::now();
  live.stop(StopReason::unwanted);
  worker.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 15s);
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_CANCELLED);
}

TEST_F(SandboxOutcomes, NoSubmissionIsInvalid) {
  const auto executed = run("print('forgot it')");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_EQ(executed.verdict().code(), "SUBMISSION_MISSING");
}

struct Trick {
  std::string name;
  std::string code;
  std::string said;
};

class SubmissionTricks : public fakes::EngineTest, public ::testing::WithParamInterface<Trick> {};

TEST_P(SubmissionTricks, AreRefusedAndNothingOfTheHostIsTaken) {
  const auto executed = run("import os, socket\n" + GetParam().code);
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION) << log_of(executed);
  EXPECT_THAT(executed.message(), HasSubstr(GetParam().said)) << log_of(executed);
  EXPECT_FALSE(executed.has_predictions());
}

INSTANTIATE_TEST_SUITE_P(
    All, SubmissionTricks,
    ::testing::Values(
        Trick{"Link", "os.symlink('/etc/passwd', 'submission.csv')", "symbolic link"},
        Trick{"LinkIntoData",
              "os.symlink('/kaggle/input/tiny/sample_submission.csv', 'submission.csv')",
              "symbolic link"},
        Trick{"Folder", "os.mkdir('submission.csv')", "a folder"},
        Trick{"Socket", "socket.socket(socket.AF_UNIX).bind('submission.csv')", "a socket"},
        Trick{"HugeAndSparse", "open('submission.csv', 'wb').truncate(40_000_000)",
              "40000000 bytes"}),
    [](const auto& one) { return one.param.name; });

TEST_F(SandboxOutcomes, WrongPredictionsAreRefusedByTheCheck) {
  const auto executed = run("open('submission.csv', 'w').write('id,y\\n1,1\\n2,2\\n')");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_THAT(executed.verdict().code(), ::testing::StartsWith("SUBMISSION_"));
  EXPECT_TRUE(executed.has_predictions());
  EXPECT_FALSE(executed.has_submission());
}

}  // namespace
}  // namespace podium::executor
