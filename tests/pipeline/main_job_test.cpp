// The main job through the real services, nats-server, PostgreSQL and Docker sandboxes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kJobMax = 240s;

/// One stack for all tests of this file: starting it costs seconds.
class MainJob : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { stack = std::make_unique<Stack>(); }
  static void TearDownTestSuite() { stack.reset(); }
  static std::unique_ptr<Stack> stack;
};
std::unique_ptr<Stack> MainJob::stack;

TEST_F(MainJob, TitanicBecomesACheckedSubmission) {
  const auto job = stack->run_job(
      {{"kaggle_url", "https://www.kaggle.com/competitions/titanic"}, {"max_candidates", 2}});
  const auto status = stack->wait_for_end(job, kJobMax);
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack->logs();
  EXPECT_EQ(status.at("competition_name"), "titanic");
  EXPECT_EQ(status.at("competition_source"), "catalogue");
  EXPECT_EQ(status.at("reason_code"), "BUDGET_SPENT");
  EXPECT_GT(status.at("score").at("value").get<double>(), 0.75);

  const auto file = stack->call("GET", "/result/" + job + "/submission.csv");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status, 200);
  EXPECT_TRUE(file->body.starts_with("PassengerId,Survived\n894,"));
  EXPECT_EQ(std::ranges::count(file->body, '\n'), 420);
  EXPECT_EQ(stack->events_of(job, "ended"), 1);
}

TEST_F(MainJob, AFinishedJobShowsItsCandidatesRunsAndLog) {
  const auto job = stack->run_job({{"url", "titanic"}, {"max_candidates", 1}});
  ASSERT_EQ(stack->wait_for_end(job, kJobMax).at("status"), "success");
  json shown;
  // The projection follows the stream by milliseconds.
  ASSERT_TRUE(wait_until(
      [&] {
        const auto answer = stack->call("GET", "/jobs/" + job);
        if (!answer || answer->status != 200) return false;
        shown = json::parse(answer->body);
        const auto runs = shown.value("runs", json::array());
        return runs.size() == 1 && !runs.at(0).at("outcome").is_null();
      },
      10s));
  EXPECT_EQ(shown.at("candidates").size(), 1U);
  EXPECT_EQ(shown.at("runs").at(0).at("outcome"), "ok");
  EXPECT_FALSE(shown.at("artifacts").empty());
  const auto log = stack->call("GET", "/logs/" + job);
  ASSERT_TRUE(log);
  EXPECT_THAT(json::parse(log->body).at("logs").get<std::string>(), ::testing::HasSubstr("metric"));
}

TEST_F(MainJob, ACancelledJobEndsAndLeavesNothing) {
  const auto job = stack->run_job({{"url", "titanic"}, {"max_candidates", 20}});
  ASSERT_TRUE(wait_until(
      [&] {
        const auto status = stack->status(job);
        return status.is_object() && status.value("stage", "") == "executing";
      },
      60s));
  ASSERT_EQ(stack->call("POST", "/jobs/" + job + "/cancel")->status, 202);
  EXPECT_EQ(stack->wait_for_end(job, 30s).at("status"), "cancelled");
  EXPECT_TRUE(wait_until([&] { return stack->leftovers().empty(); }, 60s))
      << ::testing::PrintToString(stack->leftovers());
}

TEST_F(MainJob, WhatWonAnEarlierJobIsTheFirstCandidateOfTheNext) {
  const json request = {{"url", "tiny-digits"}, {"max_candidates", 1}};
  const auto earlier = stack->run_job(request);
  ASSERT_EQ(stack->wait_for_end(earlier, kJobMax).at("status"), "success");
  const auto row_of = [&](const std::string& job) {
    const auto answer = stack->call("GET", "/jobs/" + job);
    return answer && answer->status == 200 ? json::parse(answer->body) : json::object();
  };
  // It is looked up in the projection, which follows the stream by milliseconds.
  ASSERT_TRUE(wait_until([&] { return row_of(earlier).value("status", "") == "success"; }, 10s));
  const auto next = stack->run_job(request);
  ASSERT_EQ(stack->wait_for_end(next, kJobMax).at("status"), "success");
  EXPECT_EQ(stack->artifact(next, "c1", "solution.py"),
            stack->artifact(earlier, "c1", "solution.py"));
  ASSERT_TRUE(wait_until([&] { return row_of(next).value("status", "") == "success"; }, 10s));
  EXPECT_EQ(row_of(next).at("candidates").at(0).at("generator"), "earlier");
}

std::chrono::duration<double> took(const json& status) {
  const auto time_at = [&](const char* name) {
    std::chrono::sys_time<std::chrono::milliseconds> time;
    std::istringstream{status.at(name).get<std::string>()} >> std::chrono::parse("%FT%TZ", time);
    return time;
  };
  return time_at("completed_at") - time_at("created_at");
}

TEST_F(MainJob, TheTimeBudgetEndsAJobWithinTwoSecondsOfItsTime) {
  const auto job =
      stack->run_job({{"url", "titanic"}, {"max_candidates", 50}, {"max_time", "25s"}});
  const auto status = stack->wait_for_end(job, 60s);
  EXPECT_THAT(status.at("status"), ::testing::AnyOf("success", "timeout"));
  EXPECT_EQ(status.at("reason_code"), "BUDGET_SPENT");
  // It may end before: no candidate is begun when too little time is left for it.
  EXPECT_LE(took(status), 27s);
}

TEST_F(MainJob, AKaggleUrlThatTheCatalogueLacksEndsWithTheNextStep) {
  const auto job =
      stack->run_job({{"kaggle_url", "https://www.kaggle.com/competitions/no-such-competition"}});
  const auto status = stack->wait_for_end(job, 30s);
  EXPECT_EQ(status.at("status"), "failed");
  EXPECT_EQ(status.at("reason_code"), "KAGGLE_AUTH");
  EXPECT_FALSE(status.at("next_step").get<std::string>().empty());
}

TEST_F(MainJob, NothingIsLeftOnceAllJobsHaveEnded) {
  EXPECT_TRUE(wait_until([&] { return stack->leftovers().empty(); }, 60s))
      << ::testing::PrintToString(stack->leftovers());
}

/// The events of one name of a job, in their order.
std::vector<v1::Event> started_runs(Stack& stack, const std::string& job) {
  auto events = stack.job_events(job);
  std::erase_if(events, [](const auto& event) { return !event.has_started(); });
  return events;
}

TEST(FairShares, ATenantThatComesLateRunsBeforeTheCrowdOfAnother) {
  const TemporaryFolder settings;
  std::ofstream{settings.path() / "keys"} << "crowd:the-key-of-the-crowd-0001\n"
                                          << "late:the-key-of-who-comes-late\n";
  Stack stack{{{"PODIUM_API_KEYS_FILE", (settings.path() / "keys").string()},
               {"PODIUM_EXECUTOR_SLOTS", "1"}},
              {"gateway", "scraper", "codegen", "tracker"}};
  const json request = {{"url", "titanic"}, {"max_candidates", 1}};
  stack.use_key("the-key-of-the-crowd-0001");
  std::vector<std::string> crowd;
  for (int job = 0; job < 4; ++job) crowd.push_back(stack.run_job(request));
  ASSERT_TRUE(wait_until([&] { return stack.messages("RUNS") == 4; }, 60s)) << stack.logs();
  stack.use_key("the-key-of-who-comes-late");
  const auto late = stack.run_job(request);
  ASSERT_TRUE(wait_until([&] { return stack.messages("RUNS") == 5; }, 60s)) << stack.logs();

  stack.start("executor");
  ASSERT_TRUE(wait_until([&] { return !started_runs(stack, late).empty(); }, 60s)) << stack.logs();
  for (const auto& job : crowd) {
    EXPECT_TRUE(started_runs(stack, job).empty()) << "a run of the crowd began before";
  }
}

}  // namespace
}  // namespace podium::testing
