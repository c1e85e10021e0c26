// Two executors in containers that share no folder with each other or with the other services: what
// one job needs and leaves goes through the bucket, although that is often busy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "tests/pipeline/executor_container.hpp"
#include "tests/pipeline/object_server.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kBucket = "shared-by-two-hosts";
constexpr auto kJobMax = 300s;
constexpr auto kLogMax = 30s;
/// Each such request the object server refuses with SlowDown.
constexpr int kBusyEvery = 10;
/// Where a directory store is when nobody says otherwise.
constexpr auto kFolderDefault = "/var/lib/podium/artifacts";
const std::vector<std::string> kServicesHere = {"gateway", "scraper", "codegen", "tracker"};

/// Everything that the tests of this file look at: starting it, and one job, cost seconds.
struct Hosts {
  Hosts();
  std::string logs() const;

  ObjectServer server;
  TemporaryFolder work;
  std::unique_ptr<Stack> stack;
  std::vector<std::unique_ptr<ExecutorContainer>> executors;
  std::string job;
  json status;
  std::vector<v1::Event> events;
};

Hosts::Hosts() {
  server.make_bucket(kBucket);
  server.tell({{"busy_every", kBusyEvery}});
  auto environment = server.environment(kBucket);
  environment["PODIUM_SCRAPE_WORK"] = (work.path() / "scraping").string();
  stack = std::make_unique<Stack>(environment, kServicesHere);
  for (const std::string name : {"host-a", "host-b"}) {
    auto own = stack->environment_of("executor");
    own["PODIUM_EXECUTOR_NAME"] = name;
    own["PODIUM_EXECUTOR_SLOTS"] = "1";
    executors.push_back(std::make_unique<ExecutorContainer>(own));
  }
  job = stack->run_job({{"url", "titanic"}, {"max_candidates", 2}, {"parallel", 2}});
  status = stack->wait_for_end(job, kJobMax);
  events = stack->job_events(job);
}

std::string Hosts::logs() const {
  std::string text;
  for (const auto& service : kServicesHere) text += stack->process(service).output();
  for (const auto& executor : executors) text += executor->log();
  return text;
}

/// Runs that an executor says to have carried out well.
std::set<std::string> good_runs_of(const ExecutorContainer& executor) {
  std::set<std::string> runs;
  std::istringstream lines{executor.log()};
  for (std::string line; std::getline(lines, line);) {
    const auto told = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (told.is_object() && told.value("msg", "") == "run executed" &&
        told.value("outcome", "") == "RUN_OUTCOME_OK") {
      runs.insert(told.at("run_id"));
    }
  }
  return runs;
}

class TwoHosts : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { hosts = std::make_unique<Hosts>(); }
  static void TearDownTestSuite() { hosts.reset(); }
  static std::unique_ptr<Hosts> hosts;
};
std::unique_ptr<Hosts> TwoHosts::hosts;

TEST_F(TwoHosts, WorkOneJobTogether) {
  ASSERT_EQ(hosts->status.at("status"), "success") << hosts->status.dump(1) << hosts->logs();
  std::set<std::string> executed;
  for (const auto& event : hosts->events) {
    if (event.has_executed() && event.executed().outcome() == v1::RUN_OUTCOME_OK) {
      executed.insert(event.executed().run_id());
    }
  }
  std::set<std::string> by_a;
  std::set<std::string> by_b;
  // An executor says so after it has told of the end of the run, which may end the job.
  EXPECT_TRUE(wait_until(
      [&] {
        by_a = good_runs_of(*hosts->executors.at(0));
        by_b = good_runs_of(*hosts->executors.at(1));
        return by_a.size() + by_b.size() >= executed.size();
      },
      kLogMax));
  EXPECT_FALSE(by_a.empty()) << hosts->logs();
  EXPECT_FALSE(by_b.empty()) << hosts->logs();
  std::set<std::string> by_both = by_a;
  by_both.insert(by_b.begin(), by_b.end());
  EXPECT_EQ(by_both.size(), by_a.size() + by_b.size());
  EXPECT_EQ(by_both, executed) << hosts->logs();
}

TEST_F(TwoHosts, LeaveTheResultInTheBucket) {
  EXPECT_EQ(hosts->status.at("source"), "s3");
  const auto file = hosts->stack->call("GET", "/result/" + hosts->job + "/submission.csv");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->status, 200);
  EXPECT_TRUE(file->body.starts_with("PassengerId,Survived\n894,"));
  const auto sha256 = hosts->status.at("submission").at("sha256").get<std::string>();
  EXPECT_EQ(sha256_hex(file->body), sha256);
  const auto objects = hosts->server.objects(kBucket);
  const auto stored = hosts->status.at("path").get<std::string>();
  const auto object = stored.starts_with("sha256/") ? stored : "jobs/" + stored;
  EXPECT_EQ(hosts->server.get(kBucket, object), file->body);
  for (const auto* name : {"/facts.json", "/manifest.json", "/c1/solution.py", "/c2/solution.py"}) {
    EXPECT_TRUE(objects.contains("jobs/" + hosts->job + name)) << name;
  }
  EXPECT_TRUE(hosts->server.uploads(kBucket).empty());
}

TEST_F(TwoHosts, AskTheBusyServerAgain) {
  EXPECT_THAT(hosts->logs(), HasSubstr("the object store is asked again"));
}

TEST_F(TwoHosts, ShareNoFolder) {
  EXPECT_FALSE(std::filesystem::exists(kFolderDefault));
  EXPECT_FALSE(std::filesystem::exists(hosts->stack->folder() / "artifacts"));
  for (const auto& executor : hosts->executors) {
    EXPECT_FALSE(executor->has(kFolderDefault));
    EXPECT_FALSE(executor->has(hosts->stack->folder().string()));
    EXPECT_FALSE(executor->has(hosts->work.path().string()));
    EXPECT_TRUE(executor->has("/tmp"));
  }
}

TEST_F(TwoHosts, TellNobodyTheSecretKey) {
  const auto secret = hosts->server.options(kBucket).signing.secret_key.reveal();
  ASSERT_FALSE(secret.empty());
  EXPECT_THAT(hosts->logs(), Not(HasSubstr(secret)));
  std::string told = hosts->status.dump();
  for (const auto& event : hosts->events) told += event.SerializeAsString();
  for (const auto& [object, bytes] : hosts->server.objects(kBucket)) {
    told += hosts->server.get(kBucket, object);
  }
  EXPECT_THAT(told, Not(HasSubstr(secret)));
}

}  // namespace
}  // namespace podium::testing
