#include "services/executor/run_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <thread>

#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/testing/fakes.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::executor {
namespace {

using podium::testing::wait_until;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = Settlement::Kind;

Identity identity() {
  return {.engine = "engine-a", .executor = "executor-1"};
}

class RunStageTest : public ::testing::Test {
 protected:
  RunStageTest() {
    std::filesystem::create_directories(folder_);
    artifacts_ = open_directory_store(folder_).value();
    auto& ticket = *ticket_.mutable_run_ticket();
    *ticket.mutable_code() = artifacts_->put_content("print(1)").value();
    *ticket.mutable_facts() = artifacts_->put_content("{}").value();
    *ticket.mutable_data() = artifacts_->put_content("data").value();
    check_.verdict.set_accepted(true);
    check_.score.emplace().set_value(0.5);
  }
  ~RunStageTest() override { std::filesystem::remove_all(folder_); }

  RunStage stage() {
    return RunStage{{.runtime = runtime_,
                     .check = check_,
                     .ledger = ledger_,
                     .claims = claims_,
                     .artifacts = *artifacts_,
                     .capacity = {.slots = 1,
                                  .cpu_milli = 4000,
                                  .run_cpu_milli_max = 4000,
                                  .memory_bytes = 16ULL << 30},
                     .scratch = ::testing::TempDir(),
                     .watch_times = {.engine_away_max = 1ms, .engine_retry_every = 1ms}}};
  }
  Settlement handle() {
    LiveRun run{ticket_};
    return stage().handle(run);
  }
  const std::string& run_id() const { return ticket_.run_ticket().run_id(); }
  bool has_claim() { return claims_.get(run_id()).value().has_value(); }
  void put_claim(const std::string& engine, const std::string& executor, bool started,
                 std::chrono::seconds age = 0s) {
    v1::RunClaim claim;
    claim.set_run_id(run_id());
    claim.set_job_id(fakes::kJobId);
    claim.set_engine(engine);
    claim.set_executor(executor);
    claim.set_attempt(1);
    const auto now = std::chrono::system_clock::now();
    *claim.mutable_beat() = to_proto(now - age);
    if (started) *claim.mutable_started_at() = to_proto(now);
    *claim.mutable_ticket() = ticket_;
    ASSERT_TRUE(bucket_.put(run_id(), claim.SerializeAsString()).has_value());
  }
  /// A sandbox as an earlier executor left it.
  void leave_sandbox(SandboxPhase phase, int exit_code = 0) {
    SandboxState state;
    state.phase = phase;
    state.exit_code = exit_code;
    state.started_at = std::chrono::system_clock::now();
    state.ended_at = state.started_at + 1s;
    runtime_.set_state(run_id(), state);
  }

  const std::filesystem::path folder_ =
      std::filesystem::path{::testing::TempDir()} / ("run-stage-" + std::to_string(::getpid()));
  fakes::FakeRuntime runtime_;
  fakes::FakeCheck check_;
  fakes::FakeLedger ledger_;
  fakes::FakeKeyValue bucket_;
  RunClaims claims_{bucket_, identity()};
  std::unique_ptr<ArtifactStore> artifacts_;
  v1::Event ticket_ = fakes::make_ticket();
};

TEST_F(RunStageTest, AGoodRunIsToldStoredAndCleared) {
  runtime_.set_log("hello\n");
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_EQ(ledger_.count("started"), 1);
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK);
  EXPECT_TRUE(executed.verdict().accepted());
  EXPECT_EQ(artifacts_->get(executed.submission().key(), 100).value(), "id,y\n1,2\n");
  EXPECT_EQ(artifacts_->get(executed.log().key(), 100).value(), "hello\n");
  EXPECT_EQ(executed.log_tail(), "hello\n");
  EXPECT_DOUBLE_EQ(executed.score().value(), 0.5);
  EXPECT_THAT(runtime_.removed(), Contains(run_id()));
  EXPECT_FALSE(has_claim());
}

TEST_F(RunStageTest, TheSandboxGetsTheProgramAndTheGrantedLimits) {
  handle();
  ASSERT_EQ(runtime_.started().size(), 1U);
  const auto spec = runtime_.started().front();
  EXPECT_EQ(spec.code, "print(1)");
  EXPECT_EQ(spec.slug, "titanic");
  EXPECT_EQ(spec.limits.wall_seconds_max(), kWallSecondsDefault);
  EXPECT_EQ(spec.data_sha256, ticket_.run_ticket().data().sha256());
}

TEST_F(RunStageTest, ACrashIsToldWithoutACheck) {
  runtime_.on_start_end_with(1);
  handle();
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_EQ(executed.exit_code(), 1);
  EXPECT_FALSE(executed.has_verdict());
}

TEST_F(RunStageTest, AFullScratchSpaceIsToldApartFromACrash) {
  runtime_.on_start_end_with(1);
  runtime_.set_space({.bytes = 100, .bytes_free = 0, .files_free = 10});
  handle();
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_DISK_FULL);
}

TEST_F(RunStageTest, AMissingFileIsAnInvalidSubmission) {
  runtime_.set_collected({.kind = Collected::Kind::absent, .detail = ""});
  handle();
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_EQ(executed.verdict().code(), "SUBMISSION_MISSING");
}

TEST_F(RunStageTest, ALinkIsAnInvalidSubmissionThatSaysSo) {
  runtime_.set_collected({.kind = Collected::Kind::refused, .detail = "it is a symbolic link"});
  handle();
  EXPECT_THAT(ledger_.only_executed().message(), HasSubstr("it is a symbolic link"));
}

TEST_F(RunStageTest, RefusedPredictionsAreStoredButNoSubmission) {
  check_.verdict.set_accepted(false);
  check_.verdict.set_code("SUBMISSION_IDS");
  handle();
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_INVALID_SUBMISSION);
  EXPECT_TRUE(executed.has_predictions());
  EXPECT_FALSE(executed.has_submission());
  EXPECT_FALSE(executed.has_score());
}

TEST_F(RunStageTest, WhatIsExecutedIsOnlyClearedAndAcknowledged) {
  ledger_.set_executed(run_id());
  put_claim("engine-a", "executor-1", true);
  leave_sandbox(SandboxPhase::ended);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_EQ(ledger_.count("executed"), 0);
  EXPECT_THAT(runtime_.removed(), Contains(run_id()));
  EXPECT_FALSE(has_claim());
}

TEST_F(RunStageTest, KilledDuringARunAdoptsTheSandbox) {
  put_claim("engine-a", "executor-1", true);
  leave_sandbox(SandboxPhase::ended);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_THAT(runtime_.started(), IsEmpty());
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_OK);
}

TEST_F(RunStageTest, KilledBetweenStartAndItsNoteAdoptsTheSandbox) {
  put_claim("engine-a", "executor-1", false);
  leave_sandbox(SandboxPhase::ended);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_THAT(runtime_.started(), IsEmpty());
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_OK);
}

TEST_F(RunStageTest, AStartedSandboxThatVanishedIsLost) {
  put_claim("engine-a", "executor-1", true);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_LOST);
  EXPECT_FALSE(has_claim());
}

TEST_F(RunStageTest, AnotherEnginesRunIsHandedBackUntouched) {
  put_claim("engine-b", "executor-9", true);
  const auto settlement = handle();
  EXPECT_EQ(settlement.kind, Kind::hand_back);
  EXPECT_EQ(settlement.delay, kForeignClaimDelay);
  EXPECT_TRUE(ledger_.events().empty());
  EXPECT_TRUE(has_claim());
}

TEST_F(RunStageTest, ADeadEnginesRunIsTakenOverWithOneMoreAttempt) {
  runtime_.on_start_end_with(std::nullopt);
  put_claim("engine-b", "executor-9", true, kClaimGrace + 1s);
  LiveRun run{ticket_};
  auto stage = this->stage();
  std::jthread worker{[&] { stage.handle(run); }};
  ASSERT_TRUE(wait_until([&] { return !runtime_.started().empty(); }, 20s));
  EXPECT_EQ(claims_.get(run_id()).value()->claim.attempt(), 2U);
  EXPECT_EQ(claims_.get(run_id()).value()->claim.engine(), "engine-a");
  run.stop(StopReason::unwanted);
}

TEST_F(RunStageTest, ACancelledJobsRunIsToldAsCancelledAndNeverStarted) {
  ledger_.set_job(fakes::kJobId, JobState::cancelled);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_THAT(runtime_.started(), IsEmpty());
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_CANCELLED);
}

TEST_F(RunStageTest, WithoutTimeLeftNothingIsStarted) {
  *ticket_.mutable_run_ticket()->mutable_deadline() =
      to_proto(std::chrono::system_clock::now() - 1s);
  EXPECT_EQ(handle().kind, Kind::acknowledge);
  EXPECT_THAT(runtime_.started(), IsEmpty());
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_CANCELLED);
}

class RunningRun : public RunStageTest {
 protected:
  RunningRun() { runtime_.on_start_end_with(std::nullopt); }
  /// Stops a run that has begun, and says what became of its ticket.
  Settlement stop_with(StopReason reason) {
    LiveRun run{ticket_};
    auto stage = this->stage();
    Settlement settlement;
    std::jthread worker{[&] { settlement = stage.handle(run); }};
    EXPECT_TRUE(
        wait_until([&] { return run.claim() && run.claim()->claim.has_started_at(); }, 20s));
    run.stop(reason);
    worker.join();
    return settlement;
  }
};

TEST_F(RunningRun, CancelledIsKilledAndTold) {
  EXPECT_EQ(stop_with(StopReason::unwanted).kind, Kind::acknowledge);
  EXPECT_THAT(runtime_.killed(), Contains(run_id()));
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_CANCELLED);
  EXPECT_FALSE(has_claim());
}

TEST_F(RunningRun, DrainingLeavesTheSandboxToTheNextExecutorOfItsEngine) {
  const auto settlement = stop_with(StopReason::draining);
  EXPECT_EQ(settlement.kind, Kind::hand_back);
  EXPECT_EQ(settlement.delay, kDrainDelay);
  EXPECT_THAT(runtime_.killed(), IsEmpty());
  EXPECT_EQ(ledger_.count("executed"), 0);
  const auto claim = claims_.get(run_id()).value();
  ASSERT_TRUE(claim.has_value());
  EXPECT_EQ(claim->claim.executor(), "");
  const Identity next{.engine = "engine-a", .executor = "executor-2"};
  EXPECT_EQ(holder_of(claim->claim, next, std::chrono::system_clock::now()), ClaimHolder::self);
}

TEST_F(RunningRun, DisownedIsRemovedAndNotTold) {
  EXPECT_EQ(stop_with(StopReason::disowned).kind, Kind::hand_back);
  EXPECT_THAT(runtime_.removed(), Contains(run_id()));
  EXPECT_EQ(ledger_.count("executed"), 0);
}

TEST_F(RunStageTest, AnEngineThatDoesNotAnswerHandsTheTicketBack) {
  runtime_.fail_with(Error{&kSandboxUnavailable, "away"});
  const auto settlement = handle();
  EXPECT_EQ(settlement.kind, Kind::hand_back);
  EXPECT_EQ(settlement.delay, kRetryDelayFirst);
  EXPECT_EQ(ledger_.count("executed"), 0);
}

TEST_F(RunStageTest, ASandboxThatDoesNotStartLeavesNoClaim) {
  check_.names.slug = "../escape";
  const auto settlement = handle();
  EXPECT_EQ(settlement.kind, Kind::terminate);
  EXPECT_THAT(settlement.reason, HasSubstr("slug"));
  EXPECT_FALSE(has_claim());
  EXPECT_THAT(runtime_.started(), IsEmpty());
}

TEST_F(RunStageTest, AMissingProgramEndsTheTicketWithItsReason) {
  ticket_.mutable_run_ticket()->mutable_code()->set_key("sha256/" + std::string(64, 'a'));
  EXPECT_EQ(handle().kind, Kind::terminate);
}

}  // namespace
}  // namespace podium::executor
