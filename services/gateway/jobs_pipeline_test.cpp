// What people ask about jobs, with a real projection: status, lists, results, logs, cancelling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "services/gateway/testing/gateway_world.hpp"
#include "services/gateway/testing/openapi_text.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::wait_until;
using ::testing::HasSubstr;

class Jobs : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<GatewayWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

  std::string new_job() { return world().run().at("job_id").get<std::string>(); }

  /// A job that was scraped, drafted and executed once.
  std::string job_with_a_run() {
    const auto job_id = new_job();
    world().publish_scraped(job_id);
    world().publish_draft(job_id, "c1");
    world().publish_started(job_id, "c1");
    world().publish_executed(job_id, "c1", 0.8215, "fold 1\nfold 2\n");
    return job_id;
  }
  std::string solved_job() {
    const auto job_id = job_with_a_run();
    world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
    return job_id;
  }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

TEST_F(Jobs, StatusIsKnownFromTheFirstMomentOn) {
  for (int i = 0; i < 20; ++i) {
    const auto job_id = new_job();
    const auto answer = world().call("GET", "/status/" + job_id);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(json::parse(answer.body).at("status"), "queued");
  }
}

TEST_F(Jobs, SpendingIsToldForEachTenant) {
  const auto job_id = new_job();
  world().publish_draft(job_id, "c1");
  world().publish_model_draft(job_id, "c2", "c1");
  json told;
  ASSERT_TRUE(wait_until(
      [&] {
        const auto tenants =
            json::parse(world().call("GET", "/spending").body).value("tenants", json::array());
        if (tenants.empty()) return false;
        told = tenants.at(0);
        return told.value("calls", 0) > 0;
      },
      std::chrono::seconds{20}));
  EXPECT_EQ(told.at("tenant"), "default");
  EXPECT_EQ(told.at("tokens"), 1'500);
  EXPECT_EQ(told.at("input_tokens"), 1'200);
  EXPECT_EQ(told.at("unpriced_calls"), 1);
  std::set<std::string> keys;
  for (const auto& [key, value] : told.items()) keys.insert(key);
  EXPECT_EQ(keys, openapi_properties("Spending"));
}

TEST_F(Jobs, StatusTellsOfTheRun) {
  const auto job_id = job_with_a_run();
  world().wait_for_status(job_id, "running");
  json status;
  EXPECT_TRUE(wait_until(
      [&] {
        status = world().status(job_id);
        return status.at("score").is_object();
      },
      kLong));
  EXPECT_EQ(status.at("score").at("value"), 0.8215);
  EXPECT_EQ(status.at("competition_source"), "catalogue");
  EXPECT_EQ(status.at("pod_name"), "podium-" + run_id_of(job_id, "c1"));
  EXPECT_THAT(status.at("metadata").at("logs_preview").get<std::string>(), HasSubstr("fold 2"));
  EXPECT_TRUE(status.at("path").is_null());
}

TEST_F(Jobs, UnknownIdsAre404WithAProblem) {
  for (const std::string id : {"01890000-0000-7000-8000-000000000000", "nonsense", "..%2e"}) {
    const auto answer = world().call("GET", "/status/" + id);
    EXPECT_EQ(answer.status, 404) << id;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    EXPECT_FALSE(json::parse(answer.body).at("detail").get<std::string>().empty());
  }
}

TEST_F(Jobs, WaitAnswersWhenTheJobEnds) {
  const auto job_id = new_job();
  json status;
  {
    const std::jthread client{
        [&] { status = json::parse(world().call("GET", "/status/" + job_id + "?wait=60s").body); }};
    world().publish_scraped(job_id);
    world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  }
  EXPECT_EQ(status.at("status"), "success") << status.dump();
  EXPECT_EQ(status.at("source"), "local");
  EXPECT_EQ(status.at("path"), job_id + "/submission.csv");
  EXPECT_FALSE(status.at("completed_at").is_null());
}

TEST_F(Jobs, WaitThatIsOverAnswersWithTheJobAsItIs) {
  const auto status = json::parse(world().call("GET", "/status/" + new_job() + "?wait=200ms").body);
  EXPECT_EQ(status.at("status"), "queued");
}

TEST_F(Jobs, WaitThatIsNoDurationIsRefused) {
  const auto answer = world().call("GET", "/status/" + new_job() + "?wait=soon");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(json::parse(answer.body).at("errors").at(0).at("pointer"), "?wait");
}

TEST_F(Jobs, StatusThatHasNotChangedIs304) {
  const auto job_id = solved_job();
  world().wait_for_status(job_id, "success");
  const auto first = world().call("GET", "/status/" + job_id);
  const auto again =
      world().call("GET", "/status/" + job_id, "", {{"If-None-Match", first.headers.at("etag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
}

TEST_F(Jobs, FailedJobSaysWhyAndWhatToDo) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "KAGGLE_AUTH");
  const auto status = json::parse(world().call("GET", "/status/" + job_id + "?wait=30s").body);
  EXPECT_EQ(status.at("status"), "failed");
  EXPECT_EQ(status.at("reason_code"), "KAGGLE_AUTH");
  EXPECT_EQ(status.at("message"), "It is over.");
  EXPECT_EQ(status.at("next_step"), "Look at the result.");
  const auto result = world().call("GET", "/result/" + job_id + "/submission.csv");
  EXPECT_EQ(result.status, 409);
  EXPECT_EQ(json::parse(result.body).at("code"), "JOB_WITHOUT_RESULT");
  EXPECT_THAT(json::parse(result.body).at("detail").get<std::string>(), HasSubstr("KAGGLE_AUTH"));
}

TEST_F(Jobs, ResultBeforeTheEndIs409) {
  const auto answer = world().call("GET", "/result/" + new_job() + "/submission.csv");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(json::parse(answer.body).at("code"), "JOB_NOT_FINISHED");
}

TEST_F(Jobs, ResultIsAnAttachedTableWithRanges) {
  const std::string path = "/result/" + solved_job() + "/submission.csv";
  const auto whole = world().call("GET", path);
  ASSERT_EQ(whole.status, 200) << whole.body;
  EXPECT_EQ(whole.body, "id,y\n1,0\n2,1\n");
  EXPECT_THAT(whole.headers.at("content-type"), HasSubstr("text/csv"));
  EXPECT_EQ(whole.headers.at("content-disposition"), "attachment; filename=\"submission.csv\"");
  const auto head = world().call("HEAD", path);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(whole.body.size()));
  const auto range = world().call("GET", path, "", {{"Range", "bytes=5-8"}});
  EXPECT_EQ(range.status, 206);
  EXPECT_EQ(range.body, "1,0\n");
}

TEST_F(Jobs, JobHasCandidatesRunsAndArtifactsToTake) {
  const auto job_id = solved_job();
  world().wait_for_status(job_id, "success");
  const auto job = json::parse(world().call("GET", "/jobs/" + job_id).body);
  ASSERT_EQ(job.at("candidates").size(), 1U) << job.dump();
  EXPECT_EQ(job.at("candidates").at(0).at("plan"), "gradient boosting over five folds");
  EXPECT_EQ(job.at("candidates").at(0).at("best"), true);
  ASSERT_EQ(job.at("runs").size(), 1U);
  EXPECT_EQ(job.at("runs").at(0).at("outcome"), "ok");
  std::set<std::string> names;
  for (const auto& artifact : job.at("artifacts")) {
    names.insert(artifact.at("name").get<std::string>());
    const auto file = world().call("GET", artifact.at("link").get<std::string>());
    EXPECT_EQ(file.status, 200) << artifact.dump() << file.body;
  }
  EXPECT_TRUE(names.contains("solution.py"));
  EXPECT_TRUE(names.contains("submission.csv"));
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id + "/artifacts/none.txt").status, 404);
}

TEST_F(Jobs, CandidatesTellWhereTheyComeFromAndWhatTheyTook) {
  const auto job_id = job_with_a_run();
  world().publish_model_draft(job_id, "c2", "c1");
  world().publish_started(job_id, "c2");
  world().publish_executed(job_id, "c2", 0.83, "seeds\n");
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  world().wait_for_status(job_id, "success");
  const auto job = json::parse(world().call("GET", "/jobs/" + job_id).body);
  ASSERT_EQ(job.at("candidates").size(), 2U) << job.dump();
  const auto& first = job.at("candidates").at(0);
  EXPECT_EQ(first.at("generator"), "builtin");
  EXPECT_TRUE(first.at("model").is_null());
  EXPECT_EQ(first.at("cost_usd"), 0);
  const auto& second = job.at("candidates").at(1);
  EXPECT_EQ(second.at("parent_id"), "c1");
  EXPECT_EQ(second.at("generator"), "model");
  EXPECT_EQ(second.at("model"), "gpt-5");
  EXPECT_EQ(second.at("tokens"), 1'500);
  EXPECT_EQ(second.at("input_tokens"), 1'200);
  EXPECT_EQ(second.at("output_tokens"), 300);
  EXPECT_TRUE(second.at("cost_usd").is_null());
  EXPECT_EQ(second.at("seconds"), 9.8);
  EXPECT_EQ(second.at("score").at("folds"), 5);
  EXPECT_EQ(second.at("artifacts"), json::array({"log.txt", "plan.md", "prompt.md", "reply.md",
                                                 "solution.py", "submission.csv"}));
  for (const auto& name : second.at("artifacts")) {
    const auto file =
        world().call("GET", "/jobs/" + job_id + "/artifacts/c2/" + name.get<std::string>());
    EXPECT_EQ(file.status, 200) << name << file.body;
  }
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id + "/artifacts/c2/log.txt").body, "seeds\n");
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id + "/artifacts/c2/reply.md").body,
            "Here it is.\n");
  const auto none = world().call("GET", "/jobs/" + job_id + "/artifacts/c1/reply.md");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(json::parse(none.body).at("code"), "ARTIFACT_UNKNOWN");
}

TEST_F(Jobs, FilesForPeopleAreServedOnceTheyAreWritten) {
  const auto job_id = solved_job();
  world().wait_for_status(job_id, "success");
  const std::string path = "/jobs/" + job_id + "/artifacts/report.md";
  const auto absent = world().call("GET", path);
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(absent.headers.at("content-type"), "application/problem+json");
  ASSERT_TRUE(world().artifacts().put_named(job_id, "", "report.md", "# Report\n"));
  const auto report = world().call("GET", path);
  EXPECT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.body, "# Report\n");
  EXPECT_THAT(report.headers.at("content-type"), HasSubstr("text/plain"));
  const auto job = json::parse(world().call("GET", "/jobs/" + job_id).body);
  EXPECT_EQ(job.at("artifacts").back().at("link"), path);
  ASSERT_TRUE(world().artifacts().put_named(job_id, "", "other.txt", "not for all\n"));
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id + "/artifacts/other.txt").status, 404);
}

TEST_F(Jobs, PagesHoldEveryJobOnce) {
  std::set<std::string> made;
  for (int i = 0; i < 7; ++i) made.insert(new_job());
  for (const auto& job_id : made) world().wait_for_status(job_id, "queued");
  std::set<std::string> listed;
  std::string cursor;
  std::size_t rows = 0;
  do {
    const auto page = json::parse(world().call("GET", "/jobs?limit=3" + cursor).body);
    for (const auto& job : page.at("jobs")) listed.insert(job.at("job_id").get<std::string>());
    rows += page.at("jobs").size();
    EXPECT_GE(page.at("total").get<std::size_t>(), made.size());
    cursor = page.at("next_cursor").is_null()
                 ? ""
                 : "&cursor=" + page.at("next_cursor").get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(rows, listed.size());
  EXPECT_TRUE(std::ranges::includes(listed, made));
}

TEST_F(Jobs, ListFiltersByStatusAndCompetition) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  world().wait_for_status(job_id, "cancelled");
  const auto page =
      json::parse(world().call("GET", "/jobs?status_filter=cancelled&competition=Titanic").body);
  ASSERT_GE(page.at("jobs").size(), 1U);
  for (const auto& job : page.at("jobs")) EXPECT_EQ(job.at("status"), "cancelled");
  const auto none = json::parse(world().call("GET", "/jobs?competition=other").body);
  EXPECT_EQ(none.at("total"), 0);
}

TEST_F(Jobs, QueriesThatAreWrongAreNamed) {
  for (const auto* query :
       {"status=done", "limit=0", "limit=x", "prefix=%25", "cursor=x", "competition=%ff"}) {
    EXPECT_EQ(world().call("GET", std::string{"/jobs?"} + query).status, 400) << query;
  }
}

TEST_F(Jobs, LogsOfEndedRunsComeFromTheStore) {
  const auto job_id = solved_job();
  world().wait_for_status(job_id, "success");
  const auto logs = json::parse(world().call("GET", "/logs/" + job_id).body);
  EXPECT_EQ(logs.at("job_id"), job_id);
  EXPECT_EQ(logs.at("logs"), "== c1 · run 1 · ok ==\nfold 1\nfold 2\n");
  EXPECT_EQ(logs.at("pod_name"), "podium-" + run_id_of(job_id, "c1"));
  const auto text = world().call("GET", "/logs/" + job_id, "", {{"Accept", "text/plain"}});
  EXPECT_EQ(text.body, logs.at("logs").get<std::string>());
  EXPECT_THAT(text.headers.at("content-type"), HasSubstr("text/plain"));
}

TEST_F(Jobs, LogsOfRunsThatGoOnComeFromTheStream) {
  const auto job_id = new_job();
  world().publish_scraped(job_id);
  world().publish_draft(job_id, "c1");
  world().publish_started(job_id, "c1");
  world().publish_lines(job_id, "c1", 1, {"loading", "training"});
  world().publish_lines(job_id, "c1", 3, {"fold 1"});
  std::string logs;
  EXPECT_TRUE(wait_until(
      [&] {
        const auto answer = world().call("GET", "/logs/" + job_id);
        logs = json::parse(answer.body).at("logs").get<std::string>();
        return !logs.empty();
      },
      kLong));
  EXPECT_EQ(logs, "== c1 · running ==\nloading\ntraining\nfold 1\n");
}

TEST_F(Jobs, FollowedLogEndsWithTheJobAndHasEveryLine) {
  const auto job_id = new_job();
  world().publish_lines(job_id, "c1", 1, {"first"});
  HttpAnswer followed;
  {
    const std::jthread client{
        [&] { followed = world().call("GET", "/logs/" + job_id + "?follow=1"); }};
    for (std::uint64_t line = 2; line <= 20; ++line) {
      world().publish_lines(job_id, "c1", line, {"line " + std::to_string(line)});
    }
    world().publish_ended(job_id, v1::JOB_STATUS_TIMEOUT, "BUDGET_SPENT");
  }
  std::string expected = "== c1 · running ==\nfirst\n";
  for (int line = 2; line <= 20; ++line) expected += "line " + std::to_string(line) + "\n";
  EXPECT_EQ(followed.body, expected);
}

TEST_F(Jobs, CancelPublishesInTheJobsTrace) {
  const auto job = world().run();
  const auto job_id = job.at("job_id").get<std::string>();
  const auto answer =
      world().call("POST", "/jobs/" + job_id + "/cancel", R"({"reason":"changed my mind"})");
  EXPECT_EQ(answer.status, 202) << answer.body;
  const auto stored =
      world().bus().last_message("JOBS", "podium.jobs." + job_id + ".cancel_requested");
  ASSERT_TRUE(stored.has_value() && stored->has_value());
  const auto event = parse_event((*stored)->data).value();
  EXPECT_EQ(event.cancel_requested().reason(), "changed my mind");
  EXPECT_TRUE(event.trace().traceparent().contains(job.at("trace_id").get<std::string>()));
}

TEST_F(Jobs, DeleteCancelsAndAnEndedJobCannotBeCancelled) {
  const auto job_id = new_job();
  EXPECT_EQ(world().call("DELETE", "/jobs/" + job_id).status, 202);
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  const auto ended = world().call("DELETE", "/jobs/" + job_id);
  EXPECT_EQ(ended.status, 409);
  EXPECT_EQ(json::parse(ended.body).at("code"), "JOB_ENDED");
  EXPECT_EQ(world().call("DELETE", "/jobs/01890000-0000-7000-8000-000000000000").status, 404);
}

TEST_F(Jobs, CancellingTwiceIsNoError) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  EXPECT_EQ(world().call("DELETE", "/jobs/" + job_id).status, 200);
}

TEST_F(Jobs, FolderIsStoredOnceAndCanBeRun) {
  const std::string tar = "not looked into by the gateway";
  const std::string path = "/competitions/" + sha256_hex(tar);
  EXPECT_EQ(world().call("PUT", path, tar).status, 201);
  EXPECT_EQ(world().call("PUT", path, tar).status, 200);
  const auto job = world().run({{"folder_sha256", sha256_hex(tar)}});
  EXPECT_TRUE(job.at("kaggle_url").is_null());
}

TEST_F(Jobs, FolderWithAnotherHashIsRefusedAndNotKept) {
  const std::string sha = sha256_hex("promised");
  EXPECT_EQ(world().call("PUT", "/competitions/" + sha, "sent").status, 400);
  EXPECT_FALSE(world().artifacts().size("sha256/" + sha).has_value());
  EXPECT_EQ(world().call("PUT", "/competitions/xyz", "sent").status, 400);
}

TEST_F(Jobs, QueueLengthIsTheNumberOfJobsThatWait) {
  // The projection follows the stream in order: once it has the newest job it has all before it.
  const auto projected = [this](const std::string& job_id) {
    return testing::wait_until(
        [&] { return world().call("GET", "/jobs?limit=1").body.contains(job_id); },
        std::chrono::seconds{10});
  };
  ASSERT_TRUE(projected(new_job()));
  const auto before =
      json::parse(world().call("GET", "/health").body).at("queue_length").get<int>();
  ASSERT_TRUE(projected(new_job()));
  const auto health = json::parse(world().call("GET", "/health").body);
  EXPECT_EQ(health.at("status"), "healthy");
  EXPECT_EQ(health.at("services").at("postgres"), "up");
  EXPECT_EQ(health.at("queue_length").get<int>(), before + 1);
  std::set<std::string> keys;
  for (const auto& [key, value] : health.items()) keys.insert(key);
  EXPECT_EQ(keys, openapi_properties("Health"));
}

}  // namespace
}  // namespace podium::gateway::testing
