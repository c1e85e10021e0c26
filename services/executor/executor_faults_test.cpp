// The executor as a program, with a real broker and a real engine: killed, stopped, told twice.
// Each test ends by proving that the run was told once and that nothing is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>
#include <random>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/event.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/testing/engine_fixture.hpp"
#include "services/executor/testing/executor_process.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::executor {
namespace {

using podium::testing::wait_until;

/// A loaded machine may need so long for what usually takes a second.
constexpr auto kPatience = 120s;

constexpr auto kSlowProgram = R"(
import time
print("begun", flush=True)
time.sleep(3)
open("submission.csv", "w").write("id,y\n1,1\n2,2\n3,3\n")
)";
constexpr auto kEndlessProgram = "import time; print('begun', flush=True); time.sleep(600)";

class ExecutorFaults : public fakes::EngineTest {
 protected:
  ExecutorFaults()
      : codegen_{broker_.connect("codegen")},
        gateway_{broker_.connect("gateway")},
        admin_{broker_.connect("admin")},
        claims_bucket_{admin_->bucket("claims").value()},
        searches_{codegen_->bucket("searches").value()},
        executor_{broker_, settings("executor-1")} {
    limits_.set_wall_seconds_max(120);
  }

  std::map<std::string, std::string> settings(const std::string& name) const {
    return {{"PODIUM_ARTIFACTS", (folder_.path() / "artifacts").string()},
            {"PODIUM_STACK", stack_},
            {"PODIUM_EXECUTOR_NAME", name},
            {"PODIUM_EXECUTOR_SLOTS", "3"},
            {"PODIUM_EXECUTOR_CPUS", "4"},
            {"PODIUM_SANDBOX_IMAGE", options().image},
            {"PODIUM_SECCOMP_PROFILE", PODIUM_SOURCE_DIR "/sandbox/seccomp.json"},
            {"PODIUM_CHECK_PROGRAM", PODIUM_CHECK_PROGRAM}};
  }
  void publish(Bus& bus, const v1::Event& event) {
    EventPublisher publisher{bus, "test"};
    const auto published = publisher.publish(event);
    ASSERT_TRUE(published.has_value()) << published.error().text();
    ASSERT_FALSE(published->duplicate) << "the broker dropped " << event.id();
  }
  v1::Event ask_for(const std::string& code) {
    auto ticket = ticket_for(code);
    publish(*codegen_, ticket);
    return ticket;
  }
  std::optional<v1::RunClaim> claim_of(const v1::Event& ticket) {
    const auto found = claims_bucket_->get(ticket.run_ticket().run_id()).value();
    if (!found) return std::nullopt;
    v1::RunClaim claim;
    EXPECT_TRUE(claim.ParseFromString(found->value));
    return claim;
  }
  bool has_started(const v1::Event& ticket) {
    const auto claim = claim_of(ticket);
    return claim && claim->has_started_at();
  }
  void wait_for_start(const v1::Event& ticket) {
    ASSERT_TRUE(wait_until([&] { return has_started(ticket); }, kPatience)) << executor_.output();
  }
  std::optional<v1::Executed> executed_of(const v1::Event& ticket) {
    const auto stored = admin_->last_message(
        "JOBS",
        std::format("podium.jobs.{}.executed.{}", ticket.job_id(), ticket.run_ticket().run_id()));
    if (!stored || !*stored) return std::nullopt;
    return parse_event((*stored)->data).value().executed();
  }
  v1::Executed wait_for_executed(const v1::Event& ticket) {
    EXPECT_TRUE(wait_until([&] { return executed_of(ticket).has_value(); }, kPatience))
        << executor_.output();
    return executed_of(ticket).value_or(v1::Executed{});
  }
  std::uint64_t messages(const std::string& stream) {
    return admin_->stream_state(stream).value().messages;
  }
  bool nothing_is_left() {
    return messages("RUNS") == 0 && claims_bucket_->keys().value().empty() &&
           runtime_.list().value().empty();
  }
  void expect_nothing_left() {
    EXPECT_TRUE(wait_until([&] { return nothing_is_left(); }, 60s))
        << messages("RUNS") << " tickets, "
        << ::testing::PrintToString(claims_bucket_->keys().value()) << ", "
        << ::testing::PrintToString(left_on_engine()) << executor_.output();
  }
  std::string sandbox_id(const v1::Event& ticket) {
    return runtime_.inspect(ticket.run_ticket().run_id()).value().sandbox_id;
  }

  fakes::Broker broker_;
  std::unique_ptr<Bus> codegen_;
  std::unique_ptr<Bus> gateway_;
  std::unique_ptr<Bus> admin_;
  std::unique_ptr<KeyValue> claims_bucket_;
  std::unique_ptr<KeyValue> searches_;
  fakes::ExecutorProcess executor_;
};

TEST_F(ExecutorFaults, UndisturbedItTellsStartedLogAndExecuted) {
  executor_.start();
  const auto ticket = ask_for(kSlowProgram);
  const auto executed = wait_for_executed(ticket);
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message();
  EXPECT_GE(messages("LOGS"), 1U);
  expect_nothing_left();
  EXPECT_EQ(executor_.stop(10s), 0);
}

TEST_F(ExecutorFaults, KilledDuringARunAdoptsTheSandbox) {
  executor_.start();
  const auto ticket = ask_for(kSlowProgram);
  wait_for_start(ticket);
  const auto before = sandbox_id(ticket);
  executor_.kill();
  executor_.start();
  ASSERT_TRUE(wait_until([&] { return executed_of(ticket) || sandbox_id(ticket) == before; }, 10s));
  EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_OK);
  EXPECT_TRUE(executor_.output().contains("a sandbox is adopted")) << executor_.output();
  expect_nothing_left();
}

TEST_F(ExecutorFaults, StoppedDuringARunHandsItBackWithinTenSecondsAndItGoesOn) {
  executor_.start();
  const auto ticket = ask_for(kSlowProgram);
  wait_for_start(ticket);
  EXPECT_EQ(executor_.stop(10s), 0) << executor_.output();
  EXPECT_EQ(claim_of(ticket)->executor(), "");
  executor_.start();
  EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_OK);
  expect_nothing_left();
}

TEST_F(ExecutorFaults, StoppedDuringARunAnotherExecutorOfTheEngineGoesOn) {
  executor_.start();
  const auto ticket = ask_for(kSlowProgram);
  wait_for_start(ticket);
  EXPECT_EQ(executor_.stop(10s), 0) << executor_.output();
  fakes::ExecutorProcess other{broker_, settings("executor-2")};
  other.start();
  EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_OK) << other.output();
  expect_nothing_left();
}

TEST_F(ExecutorFaults, ACancelledJobsRunIsKilledAtOnce) {
  executor_.start();
  const auto ticket = ask_for(kEndlessProgram);
  wait_for_start(ticket);
  auto cancel = event_of(ticket, "cancel_requested", {});
  cancel.mutable_cancel_requested()->set_who("a test");
  publish(*gateway_, cancel);
  EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_CANCELLED);
  expect_nothing_left();
}

TEST_F(ExecutorFaults, KilledAndItsJobEndedMeanwhileLeavesNothing) {
  executor_.start();
  const auto ticket = ask_for(kEndlessProgram);
  wait_for_start(ticket);
  executor_.kill();
  v1::SearchState state;
  state.set_job_id(ticket.job_id());
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  ASSERT_TRUE(searches_->put(ticket.job_id(), state.SerializeAsString()).has_value());
  executor_.start();
  expect_nothing_left();
}

TEST_F(ExecutorFaults, ATicketThatComesTwiceIsRunOnce) {
  executor_.start();
  const auto ticket = ask_for(kSlowProgram);
  auto again = ticket;
  again.set_id(ticket.id() + "-again");
  publish(*codegen_, again);
  EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_OK);
  expect_nothing_left();
}

TEST_F(ExecutorFaults, ATicketOfAnExecutedRunIsOnlyAcknowledged) {
  const auto ticket = ticket_for(kEndlessProgram);
  auto executed = event_of(ticket, "executed", ticket.run_ticket().run_id());
  executed.mutable_executed()->set_run_id(ticket.run_ticket().run_id());
  const auto rights = broker_.connect("executor");
  publish(*rights, executed);
  publish(*codegen_, ticket);
  executor_.start();
  expect_nothing_left();
}

TEST_F(ExecutorFaults, KilledAgainAndAgainTellsEveryRunOnce) {
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> pause{0, 2500};
  executor_.start();
  std::vector<v1::Event> tickets;
  for (int run = 0; run < 4; ++run) tickets.push_back(ask_for(kSlowProgram));
  ASSERT_FALSE(HasFatalFailure());
  const auto all_executed = [&] {
    return std::ranges::all_of(tickets,
                               [&](const auto& one) { return executed_of(one).has_value(); });
  };
  for (int kills = 0; kills < 6; ++kills) {
    wait_until(all_executed, std::chrono::milliseconds{pause(random)});
    executor_.kill();
    executor_.start();
  }
  for (const auto& ticket : tickets) {
    EXPECT_EQ(wait_for_executed(ticket).outcome(), v1::RUN_OUTCOME_OK);
  }
  expect_nothing_left();
}

}  // namespace
}  // namespace podium::executor
