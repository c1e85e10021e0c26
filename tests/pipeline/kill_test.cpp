// kill -9 of each part at random points while three jobs run, started again: every accepted job
// ends exactly once with the same kind of result as undisturbed, and nothing is left behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "tests/pipeline/docker.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kJobsMax = 300s;
constexpr auto kEventsMax = 60s;
constexpr int kJobs = 3;
/// Events that three undisturbed jobs of one candidate publish before they end.
constexpr std::uint64_t kEventsOfJobs = 18;
constexpr int kKillsPerPart = 2;

/// The same points again: PODIUM_TEST_SEED=<what a failed run printed>.
unsigned seed() {
  static const unsigned seed = [] {
    const char* given = std::getenv("PODIUM_TEST_SEED");
    const unsigned chosen =
        given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
    std::cout << "PODIUM_TEST_SEED=" << chosen << '\n';
    return chosen;
  }();
  return seed;
}

class KillTest : public ::testing::Test {
 protected:
  std::vector<std::string> accept_three_jobs() {
    std::vector<std::string> jobs;
    for (int i = 0; i < kJobs; ++i) {
      jobs.push_back(stack_.run_job({{"url", "titanic"}, {"max_candidates", 1}}));
    }
    return jobs;
  }

  /// Waits for a random point of the jobs' way, told by how many events there are. One ticket
  /// stands for each open job: at that point there must be some.
  void reach_a_random_point() {
    const auto now = stack_.messages("JOBS");
    std::uniform_int_distribution<std::uint64_t> points{0, kEventsOfJobs / kKillsPerPart - 1};
    const auto point = now + points(random_);
    EXPECT_TRUE(wait_until([&] { return stack_.messages("JOBS") >= point; }, kEventsMax));
    EXPECT_GT(stack_.messages("TICKETS"), 0U) << "the jobs ended before the kill";
  }

  void kill_and_restart(const std::string& service) {
    for (int kills = 0; kills < kKillsPerPart; ++kills) {
      reach_a_random_point();
      stack_.kill(service);
      stack_.start(service);
    }
  }

  void every_job_ends_once_with_success(const std::vector<std::string>& jobs) {
    for (const auto& job : jobs) {
      const auto status = stack_.wait_for_end(job, kJobsMax);
      ASSERT_TRUE(status.is_object());
      EXPECT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
      EXPECT_EQ(stack_.events_of(job, "ended"), 1);
      EXPECT_EQ(stack_.call("GET", "/result/" + job + "/submission.csv")->status, 200);
    }
    EXPECT_TRUE(wait_until([&] { return stack_.leftovers().empty(); }, 60s))
        << ::testing::PrintToString(stack_.leftovers()) << stack_.logs();
  }

  void every_job_has_one(const std::string& event, const std::vector<std::string>& jobs) {
    for (const auto& job : jobs) EXPECT_EQ(stack_.events_of(job, event), 1) << event;
  }

  bool projection_has_all_jobs() {
    const auto answer = stack_.call("GET", "/jobs?status=success");
    return answer && answer->status == 200 &&
           nlohmann::json::parse(answer->body).at("total") == kJobs;
  }

  Stack stack_;
  std::mt19937 random_{seed()};
};

TEST_F(KillTest, GatewayKilledWhileThreeJobsRunLosesNone) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("gateway");
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, ScraperKilledWhileThreeJobsRunScrapesEachOnce) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("scraper");
  every_job_ends_once_with_success(jobs);
  every_job_has_one("scraped", jobs);
}

TEST_F(KillTest, CodegenKilledWhileThreeJobsRunDraftsAndRunsEachCandidateOnce) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("codegen");
  every_job_ends_once_with_success(jobs);
  every_job_has_one("drafted", jobs);
  every_job_has_one("executed", jobs);
}

TEST_F(KillTest, ExecutorKilledDuringARunGoesOnWithItsSandbox) {
  const auto jobs = accept_three_jobs();
  ASSERT_TRUE(wait_until([&] { return !running_program_ids(stack_.label()).empty(); }, kEventsMax));
  const auto before = running_program_ids(stack_.label());
  stack_.kill("executor");
  stack_.start("executor");
  EXPECT_TRUE(wait_until(
      [&] { return stack_.process("executor").output().contains("a sandbox is adopted"); },
      kEventsMax));
  const auto after = running_program_ids(stack_.label());
  EXPECT_TRUE(
      std::ranges::any_of(after, [&](const auto& id) { return std::ranges::contains(before, id); }))
      << ::testing::PrintToString(after) << stack_.process("executor").output();
  every_job_ends_once_with_success(jobs);
  every_job_has_one("executed", jobs);
}

TEST_F(KillTest, ExecutorKilledAtRandomPointsLosesNoRun) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("executor");
  every_job_ends_once_with_success(jobs);
  every_job_has_one("executed", jobs);
}

TEST_F(KillTest, TrackerKilledWhileThreeJobsRunCatchesUp) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("tracker");
  every_job_ends_once_with_success(jobs);
  EXPECT_TRUE(wait_until([&] { return projection_has_all_jobs(); }, 20s));
}

TEST_F(KillTest, NatsServerKilledWhileThreeJobsRunLosesNoEvent) {
  const auto jobs = accept_three_jobs();
  for (int kills = 0; kills < kKillsPerPart; ++kills) {
    reach_a_random_point();
    const auto stored = stack_.messages("JOBS");
    stack_.nats().kill();
    stack_.nats().start();
    EXPECT_TRUE(wait_until([&] { return stack_.messages("JOBS") >= stored; }, kEventsMax));
  }
  every_job_ends_once_with_success(jobs);
  every_job_has_one("requested", jobs);
}

TEST_F(KillTest, PostgresKilledWhileThreeJobsRunDelaysOnlyTheProjection) {
  const auto jobs = accept_three_jobs();
  reach_a_random_point();
  stack_.postgres().kill();
  for (const auto& job : jobs) EXPECT_TRUE(stack_.status(job).is_object());
  reach_a_random_point();
  stack_.postgres().start();
  every_job_ends_once_with_success(jobs);
  EXPECT_TRUE(wait_until([&] { return projection_has_all_jobs(); }, 20s));
}

TEST_F(KillTest, TwoReplicasOfCodegenTrackerAndGatewayChangeNothing) {
  for (const auto* service : {"codegen", "tracker", "gateway"}) stack_.start(service, 1);
  const auto jobs = accept_three_jobs();
  every_job_ends_once_with_success(jobs);
  for (const auto& job : jobs) {
    EXPECT_EQ(stack_.status(job, 1).at("status"), stack_.status(job, 0).at("status"));
  }
}

}  // namespace
}  // namespace podium::testing
