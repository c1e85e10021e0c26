// kill -9 of each part at random points while three jobs run, started again: every accepted job
// ends exactly once with the same kind of result as undisturbed, and nothing is left behind.
#include <gtest/gtest.h>

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
constexpr int kJobs = 3;
/// Events that three undisturbed jobs of one candidate publish before they end.
constexpr std::uint64_t kEventsOfJobs = 18;
constexpr int kKillsPerPart = 2;

class KillTest : public ::testing::Test {
 protected:
  std::vector<std::string> accept_three_jobs() {
    std::vector<std::string> jobs;
    for (int i = 0; i < kJobs; ++i) {
      jobs.push_back(stack_.run_job({{"url", "titanic"}, {"max_candidates", 1}}));
    }
    return jobs;
  }

  /// Waits for a random point of the jobs' way, told by how many events there are.
  void reach_a_random_point() {
    const auto now = stack_.messages("JOBS");
    std::uniform_int_distribution<std::uint64_t> points{0, kEventsOfJobs / kKillsPerPart - 1};
    const auto point = now + points(random_);
    wait_until([&] { return stack_.messages("JOBS") >= point; }, 20s);
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
      EXPECT_EQ(stack_.ends_of(job), 1);
      EXPECT_EQ(stack_.call("GET", "/result/" + job + "/submission.csv")->status, 200);
    }
    EXPECT_TRUE(wait_until([&] { return stack_.leftovers().empty(); }, 60s))
        << ::testing::PrintToString(stack_.leftovers()) << stack_.logs();
  }

  Stack stack_;
  std::mt19937 random_{
      static_cast<unsigned>(std::chrono::steady_clock::now().time_since_epoch().count())};
};

TEST_F(KillTest, GatewayKilledWhileThreeJobsRunLosesNone) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("gateway");
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, ScraperKilledWhileThreeJobsRunScrapesAgain) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("scraper");
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, CodegenKilledWhileThreeJobsRunDecidesOnce) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("codegen");
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, ExecutorKilledDuringRunsAdoptsTheirSandboxes) {
  const auto jobs = accept_three_jobs();
  ASSERT_TRUE(wait_until([&] { return !sandboxes_with(stack_.label()).empty(); }, 60s));
  kill_and_restart("executor");
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, TrackerKilledWhileThreeJobsRunCatchesUp) {
  const auto jobs = accept_three_jobs();
  kill_and_restart("tracker");
  every_job_ends_once_with_success(jobs);
  EXPECT_TRUE(wait_until(
      [&] {
        const auto answer = stack_.call("GET", "/jobs");
        return answer && answer->status == 200 &&
               nlohmann::json::parse(answer->body).at("total") == kJobs;
      },
      20s));
}

TEST_F(KillTest, NatsServerKilledWhileThreeJobsRunLosesNoEvent) {
  const auto jobs = accept_three_jobs();
  for (int kills = 0; kills < kKillsPerPart; ++kills) {
    reach_a_random_point();
    stack_.nats().kill();
    stack_.nats().start();
  }
  every_job_ends_once_with_success(jobs);
}

TEST_F(KillTest, PostgresKilledWhileThreeJobsRunDelaysOnlyTheProjection) {
  const auto jobs = accept_three_jobs();
  reach_a_random_point();
  stack_.postgres().kill();
  reach_a_random_point();
  stack_.postgres().start();
  every_job_ends_once_with_success(jobs);
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
