// How much faster a job's runs are done by more executors: 32 runs of a program that sleeps, shared
// by 1, 2, 4 and 16 executors of one slot each, as programs beside a real broker and a real engine.
// Sleeping needs no processor, so that executors of one machine stand for those of many hosts.
#include <gtest/gtest.h>

#include <chrono>
#include <print>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"
#include "services/executor/testing/engine_fixture.hpp"
#include "services/executor/testing/executor_process.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::executor {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr int kRuns = 32;
constexpr int kSleepSeconds = 5;
const std::string kSleeper = std::format("import time\ntime.sleep({})\n", kSleepSeconds) +
                             R"(open("submission.csv", "w").write("id,y\n1,1\n2,2\n3,3\n"))";

class ExecutorsBench : public fakes::EngineTest {
 protected:
  std::map<std::string, std::string> settings(int number) const {
    return {{"PODIUM_ARTIFACTS", (folder_.path() / "artifacts").string()},
            {"PODIUM_STACK", stack_},
            {"PODIUM_EXECUTOR_NAME", std::format("executor-{}", number)},
            {"PODIUM_EXECUTOR_SLOTS", "1"},
            {"PODIUM_EXECUTOR_CPUS", "4"},
            {"PODIUM_SANDBOX_IMAGE", options().image},
            {"PODIUM_SECCOMP_PROFILE", PODIUM_SOURCE_DIR "/sandbox/seccomp.json"},
            {"PODIUM_CHECK_PROGRAM", PODIUM_CHECK_PROGRAM}};
  }

  /// From the first ticket until the last run was told.
  Seconds time_with(int executors) {
    const fakes::Broker broker;
    const auto codegen = broker.connect("codegen");
    const auto admin = broker.connect("admin");
    std::vector<std::unique_ptr<fakes::ExecutorProcess>> running;
    for (int number = 1; number <= executors; ++number) {
      running.push_back(std::make_unique<fakes::ExecutorProcess>(broker, settings(number)));
      running.back()->start();
    }
    const auto capacity = admin->bucket("capacity").value();
    EXPECT_TRUE(podium::testing::wait_until(
        [&] { return capacity->keys().value().size() == static_cast<std::size_t>(executors); },
        std::chrono::seconds{60}));
    std::vector<v1::Event> tickets;
    for (int number = 0; number < kRuns; ++number) tickets.push_back(ticket_for(kSleeper));
    const auto begun = std::chrono::steady_clock::now();
    EventPublisher publisher{*codegen, "bench"};
    for (const auto& ticket : tickets) EXPECT_TRUE(publisher.publish(ticket).has_value());
    for (const auto& ticket : tickets) {
      EXPECT_TRUE(podium::testing::wait_until([&] { return is_told(*admin, ticket); },
                                              std::chrono::seconds{600}));
    }
    const Seconds took = std::chrono::steady_clock::now() - begun;
    // What a run leaves is taken away after it was told.
    const auto nothing_runs = [&] { return runtime_.list().value().empty(); };
    EXPECT_TRUE(podium::testing::wait_until(nothing_runs, std::chrono::seconds{60}));
    for (const auto& executor : running) EXPECT_EQ(executor->stop(std::chrono::seconds{10}), 0);
    return took;
  }

  static bool is_told(Bus& bus, const v1::Event& ticket) {
    auto wanted = event_of(ticket, "executed", ticket.run_ticket().run_id());
    wanted.mutable_executed();
    const auto stored = bus.last_message(std::string{streams::kJobs}, subject_of(wanted).value());
    if (!stored || !*stored) return false;
    const auto executed = parse_event((*stored)->data).value().executed();
    EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message();
    return true;
  }
};

TEST_F(ExecutorsBench, SleepingRuns) {
  std::println("{} runs of {} s each; one slot an executor", kRuns, kSleepSeconds);
  std::println("{:>9} {:>9} {:>9} {:>9} {:>12}", "executors", "seconds", "at best", "speed-up",
               "s beside run");
  Seconds alone{0};
  for (const int executors : {1, 2, 4, 16}) {
    const Seconds took = time_with(executors);
    if (executors == 1) alone = took;
    const double rounds = static_cast<double>(kRuns) / executors;
    const double best = rounds * kSleepSeconds;
    std::println("{:>9} {:>9.1f} {:>9.1f} {:>9.2f} {:>12.2f}", executors, took.count(), best,
                 alone / took, (took.count() - best) / rounds);
  }
}

}  // namespace
}  // namespace podium::executor
