// Faults around a real sandbox: executors that go, engines that take it away, data in the making.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "libs/chassis/ids.hpp"
#include "services/executor/adapters/docker_lists.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/tar.hpp"
#include "services/executor/testing/engine_fixture.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::executor {
namespace {

using podium::testing::wait_until;

constexpr auto kSlowProgram = R"(
import time
time.sleep(4)
open("submission.csv", "w").write("id,y\n1,1\n2,2\n3,3\n")
)";

class SandboxFaults : public fakes::EngineTest {
 protected:
  /// A run that has begun, in a thread of its own.
  struct Running {
    explicit Running(v1::Event ticket) : live{std::move(ticket)} {}
    LiveRun live;
    Settlement settlement;
    std::jthread worker;
  };
  std::unique_ptr<Running> begin(const v1::Event& ticket) {
    auto running = std::make_unique<Running>(ticket);
    running->worker = std::jthread{[this, one = running.get()] {
      one->settlement = stage(runtime_, *claims_).handle(one->live);
    }};
    EXPECT_TRUE(wait_until(
        [&] {
          const auto claim = running->live.claim();
          return claim && claim->claim.has_started_at();
        },
        60s));
    return running;
  }
  std::string sandbox_id(const v1::Event& ticket) {
    return runtime_.inspect(ticket.run_ticket().run_id()).value().sandbox_id;
  }
};

TEST_F(SandboxFaults, AnExecutorThatStopsLeavesTheSandboxToTheNext) {
  const auto ticket = ticket_for(kSlowProgram);
  auto running = begin(ticket);
  const auto before = sandbox_id(ticket);
  running->live.stop(StopReason::draining);
  running->worker.join();
  EXPECT_EQ(running->settlement.kind, Settlement::Kind::hand_back);
  EXPECT_EQ(sandbox_id(ticket), before);

  DockerSandboxRuntime next_runtime{options("executor-2")};
  ASSERT_TRUE(next_runtime.self_check().has_value());
  RunClaims next_claims{bucket_, {.engine = engine_id_, .executor = "executor-2"}};
  LiveRun adopted{ticket};
  EXPECT_EQ(stage(next_runtime, next_claims).handle(adopted).kind, Settlement::Kind::acknowledge);
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message();
  EXPECT_GE(executed.wall_seconds(), 4);
}

TEST_F(SandboxFaults, AContainerThatVanishesIsLost) {
  const auto ticket = ticket_for("import time; time.sleep(600)");
  auto running = begin(ticket);
  ASSERT_TRUE(docker::remove_container(api(), docker::run_container(ticket.run_ticket().run_id())));
  running->worker.join();
  EXPECT_EQ(ledger_.only_executed().outcome(), v1::RUN_OUTCOME_LOST);
}

TEST_F(SandboxFaults, AnEngineRestartIsLostNotACrash) {
  const auto ticket = ticket_for("import time; time.sleep(600)");
  auto running = begin(ticket);
  // What an engine that is started anew does: every container ends with 137.
  for (const auto& name : {docker::keeper_container(ticket.run_ticket().run_id()),
                           docker::run_container(ticket.run_ticket().run_id())}) {
    ASSERT_TRUE(api().call({.method = "POST", .path = "/containers/" + name + "/kill"}));
  }
  running->worker.join();
  const auto executed = ledger_.only_executed();
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_LOST) << executed.message();
  EXPECT_EQ(executed.exit_code(), 137);
}

TEST_F(SandboxFaults, AProgramThatKillsItselfIsACrashNotLost) {
  const auto executed = run("import os; os.kill(os.getpid(), 9)");
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_EQ(executed.exit_code(), 137);
}

TEST_F(SandboxFaults, ASandboxThatWasOnlyMadeIsMadeAnew) {
  const auto ticket = ticket_for(kSlowProgram);
  const auto run_id = ticket.run_ticket().run_id();
  // As after a kill between making and starting.
  const auto image = docker::parse_image_id(
      api().call({.path = "/images/" + percent_encode(options().image) + "/json"})->body);
  ASSERT_TRUE(api().call({.method = "POST",
                          .path = "/containers/create",
                          .query = {{"name", docker::run_container(run_id)}},
                          .body = R"({"Image":")" + *image + R"("})"}));
  EXPECT_EQ(run(ticket).outcome(), v1::RUN_OUTCOME_OK);
}

TEST_F(SandboxFaults, TwoExecutorsFillTheSameDataOnce) {
  DockerSandboxRuntime other{options("executor-2")};
  ASSERT_TRUE(other.self_check().has_value());
  Result<void> second;
  {
    std::jthread thread{[&] { second = other.ensure_data(data_source(), {}); }};
    EXPECT_TRUE(runtime_.ensure_data(data_source(), {}).has_value());
  }
  EXPECT_TRUE(second.has_value());
  const auto data = runtime_.list_data().value();
  ASSERT_EQ(data.size(), 1U);
  EXPECT_TRUE(data.front().complete);
}

TEST_F(SandboxFaults, AFillThatDiedIsTakenUpByTheNext) {
  // The lock of an executor that was killed while it filled, and a volume without its marker.
  DataSource endless = data_source();
  std::stop_source stop;
  endless.read = [&stop](const std::function<bool(std::string_view)>&) -> Result<void> {
    stop.request_stop();
    return fail(errors::kUnavailable, "the store went away");
  };
  EXPECT_FALSE(runtime_.ensure_data(endless, stop.get_token()).has_value());
  ASSERT_FALSE(runtime_.list_data().value().front().complete);
  EXPECT_TRUE(runtime_.ensure_data(data_source(), {}).has_value());
  EXPECT_TRUE(runtime_.list_data().value().front().complete);
}

TEST_F(SandboxFaults, ALockOfADeadExecutorIsCleared) {
  const auto image = docker::parse_image_id(
      api().call({.path = "/images/" + percent_encode(options().image) + "/json"})->body);
  const docker::Settings dead{.stack = stack_,
                              .executor = "executor-dead",
                              .engine = engine_id_,
                              .image_id = *image,
                              .seccomp_profile = "",
                              .runtime = ""};
  ASSERT_TRUE(
      api().call({.method = "POST",
                  .path = "/volumes/create",
                  .body = docker::data_volume_body(data_.sha256(), data_.bytes(), "dead", dead,
                                                   std::chrono::system_clock::now())}));
  ASSERT_TRUE(api().call(
      {.method = "POST",
       .path = "/containers/create",
       .query = {{"name", docker::fill_container(data_.sha256())}},
       .body = docker::fill_body(data_.sha256(), dead, std::chrono::system_clock::now())}));
  EXPECT_TRUE(runtime_.clear_stale_helpers([](std::string_view) { return true; }).has_value());
  EXPECT_EQ(left_on_engine().size(), 2U);
  EXPECT_TRUE(runtime_.clear_stale_helpers([](std::string_view) { return false; }).has_value());
  EXPECT_EQ(left_on_engine().size(), 1U);
  EXPECT_TRUE(runtime_.ensure_data(data_source(), {}).has_value());
}

TEST_F(SandboxFaults, DataThatIsNotWhatItsHashSaysIsNeverMounted) {
  auto wrong = data_source();
  wrong.sha256 = sha256_hex("something else");
  const auto filled = runtime_.ensure_data(wrong, {});
  ASSERT_FALSE(filled.has_value());
  EXPECT_TRUE(filled.error().is(kDataUnsafe));
  EXPECT_FALSE(runtime_.list_data().value().front().complete);
}

TEST_F(SandboxFaults, DataWithALinkIsNeverMounted) {
  auto tar = fakes::tar_of({{"good.csv", "a,b\n"}, {"bad", ""}});
  // The second header becomes a symbolic link, with its checksum right.
  auto header = tar.substr(1024, 512);
  header[156] = '2';
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  header.replace(148, 8, std::format("{:06o}", sum) + std::string{"\0 ", 2});
  tar.replace(1024, 512, header);
  const auto stored = artifacts_->put_content(tar).value();
  auto linked = data_source();
  linked.sha256 = stored.sha256();
  linked.bytes = stored.bytes();
  linked.read = [&](const auto& sink) { return artifacts_->read(stored.key(), sink); };
  const auto filled = runtime_.ensure_data(linked, {});
  ASSERT_FALSE(filled.has_value());
  EXPECT_TRUE(filled.error().is(kDataUnsafe)) << filled.error().text();
}

TEST_F(SandboxFaults, DataInUseIsNotRemoved) {
  const auto ticket = ticket_for("import time; time.sleep(600)");
  auto running = begin(ticket);
  const auto removed = runtime_.remove_data(data_.sha256());
  ASSERT_FALSE(removed.has_value());
  EXPECT_TRUE(removed.error().is(errors::kConflict));
  EXPECT_TRUE(runtime_.list_data().value().front().complete);
  running->live.stop(StopReason::unwanted);
}

}  // namespace
}  // namespace podium::executor
