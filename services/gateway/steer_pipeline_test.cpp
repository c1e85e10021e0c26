// What people do to jobs that exist: advice to a search, and trying a job again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/event.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/testing/gateway_world.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;

constexpr auto kUnknownJob = "01890000-0000-7000-8000-000000000000";

class Steer : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<GatewayWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

  HttpAnswer hint(const std::string& job_id, const json& body) {
    return world().call("POST", "/jobs/" + job_id + "/hint", body.dump());
  }
  HttpAnswer retry(const std::string& job_id, const std::string& body = {},
                   const Headers& headers = {}) {
    return world().call("POST", "/jobs/" + job_id + "/retry", body, headers);
  }
  v1::Event requested(const std::string& job_id) {
    return find_requested(world().bus(), job_id).value().value();
  }
  std::string ended_job() {
    const auto job_id = world()
                            .run({{"url", "titanic"}, {"max_candidates", 3}, {"priority", 2}})
                            .at("job_id")
                            .get<std::string>();
    world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "NO_VALID_SUBMISSION");
    world().wait_for_status(job_id, "failed");
    return job_id;
  }
  HttpAnswer submit(const std::string& job_id) {
    return world().call("POST", "/jobs/" + job_id + "/submit", "{}");
  }
  std::string job_with_a_submission(const std::string& source) {
    const auto job_id = world().run().at("job_id").get<std::string>();
    auto scraped = world().event(job_id, "scraped");
    scraped.mutable_scraped()->set_door(source == "kaggle" ? v1::COMPETITION_DOOR_KAGGLE
                                                           : v1::COMPETITION_DOOR_CATALOGUE);
    world().publish(scraped);
    world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
    world().wait_for_status(job_id, "success");
    return job_id;
  }
  /// The status once its leaderboard says so.
  json wait_for_leaderboard(const std::string& job_id, const std::string& wanted) {
    json status;
    EXPECT_TRUE(podium::testing::wait_until(
        [&] {
          status = world().status(job_id);
          const auto& board = status.at("leaderboard");
          return board.is_object() && board.at("status") == wanted;
        },
        kLong))
        << status.dump(1);
    return status;
  }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

TEST_F(Steer, HintIsPublishedOnceInTheJobsTrace) {
  const auto job = world().run();
  const auto job_id = job.at("job_id").get<std::string>();
  const auto before = world().messages("JOBS");
  const auto first = hint(job_id, {{"text", "try CatBoost"}});
  EXPECT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(json::parse(first.body).at("job_id"), job_id);
  EXPECT_EQ(hint(job_id, {{"text", "try CatBoost"}}).status, 202);
  EXPECT_EQ(world().messages("JOBS"), before + 1);
  const auto stored = world().bus().last_message("JOBS", "podium.jobs." + job_id + ".hinted");
  ASSERT_TRUE(stored.has_value() && stored->has_value());
  const auto event = parse_event((*stored)->data).value();
  EXPECT_EQ(event.hinted().text(), "try CatBoost");
  EXPECT_EQ(event.hinted().who(), "default");
  EXPECT_EQ(event.producer(), "gateway");
  EXPECT_TRUE(event.trace().traceparent().contains(job.at("trace_id").get<std::string>()));
  EXPECT_EQ(hint(job_id, {{"text", "try XGBoost"}}).status, 202);
  EXPECT_EQ(world().messages("JOBS"), before + 2);
}

TEST_F(Steer, SubmitIsAskedForOnceUntilItFails) {
  const auto job_id = job_with_a_submission("kaggle");
  const auto before = world().messages("JOBS");
  const auto asked = submit(job_id);
  EXPECT_EQ(asked.status, 202) << asked.body;
  EXPECT_EQ(submit(job_id).status, 202);
  EXPECT_EQ(world().messages("JOBS"), before + 1);
  EXPECT_EQ(wait_for_leaderboard(job_id, "waiting").at("status"), "success");

  auto failed = event_of(requested(job_id), "submit_failed", "");
  failed.mutable_submit_failed()->set_reason_code("KAGGLE_RULES");
  failed.mutable_submit_failed()->set_message("Open the page");
  world().publish(failed);
  const auto told = wait_for_leaderboard(job_id, "failed").at("leaderboard");
  EXPECT_EQ(told.at("reason_code"), "KAGGLE_RULES");
  EXPECT_EQ(submit(job_id).status, 202);
  EXPECT_EQ(world().messages("JOBS"), before + 3);
}

TEST_F(Steer, SubmitOfWhatKaggleHasScoredTellsTheScore) {
  const auto job_id = job_with_a_submission("kaggle");
  auto scored = event_of(requested(job_id), "leaderboard_scored", "");
  scored.mutable_leaderboard_scored()->set_reference("42");
  scored.mutable_leaderboard_scored()->set_public_score(0.77);
  scored.mutable_leaderboard_scored()->set_rank(3);
  scored.mutable_leaderboard_scored()->set_teams(9);
  world().publish(scored);
  wait_for_leaderboard(job_id, "scored");
  const auto before = world().messages("JOBS");
  const auto told = submit(job_id);
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_EQ(json::parse(told.body).at("leaderboard").at("public_score"), 0.77);
  EXPECT_EQ(json::parse(told.body).at("leaderboard").at("rank"), 3);
  EXPECT_EQ(world().messages("JOBS"), before);
}

TEST_F(Steer, SubmitOfWhatCannotBeSentIs409WithTheReason) {
  const auto running = world().run().at("job_id").get<std::string>();
  const std::map<std::string, std::string> refused{
      {running, "JOB_NOT_FINISHED"},
      {ended_job(), "JOB_WITHOUT_RESULT"},
      {job_with_a_submission("catalogue"), "NOT_AT_KAGGLE"}};
  const auto before = world().messages("JOBS");
  for (const auto& [job_id, code] : refused) {
    const auto answer = submit(job_id);
    EXPECT_EQ(answer.status, 409) << answer.body;
    EXPECT_EQ(json::parse(answer.body).at("code"), code);
  }
  EXPECT_EQ(submit(kUnknownJob).status, 404);
  EXPECT_EQ(world().messages("JOBS"), before);
}

TEST_F(Steer, HintThatIsNoneIsRefused) {
  const auto job_id = world().run().at("job_id").get<std::string>();
  const auto before = world().messages("JOBS");
  for (const json& body : {json::object(), json{{"text", ""}}, json{{"text", 7}},
                           json{{"text", std::string(1'001, 'x')}}}) {
    const auto refused = hint(job_id, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(json::parse(refused.body).at("errors").at(0).at("pointer"), "/text");
  }
  EXPECT_EQ(hint(kUnknownJob, {{"text", "x"}}).status, 404);
  EXPECT_EQ(world().messages("JOBS"), before);
}

TEST_F(Steer, HintForAJobThatHasEndedIs409) {
  const auto refused = hint(ended_job(), {{"text", "too late"}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(json::parse(refused.body).at("code"), "JOB_ENDED");
}

TEST_F(Steer, RetryStartsANewJobWithTheSameRequest) {
  const auto job_id = ended_job();
  const auto answer = retry(job_id);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto again = json::parse(answer.body);
  const auto new_id = again.at("job_id").get<std::string>();
  EXPECT_NE(new_id, job_id);
  EXPECT_EQ(again.at("retried_from"), job_id);
  EXPECT_EQ(again.at("status"), "queued");
  EXPECT_EQ(answer.headers.at("location"), "/status/" + new_id);
  const auto old_request = requested(job_id).requested();
  const auto new_request = requested(new_id).requested();
  EXPECT_EQ(new_request.competition().SerializeAsString(),
            old_request.competition().SerializeAsString());
  EXPECT_EQ(new_request.options().SerializeAsString(), old_request.options().SerializeAsString());
  EXPECT_EQ(new_request.options().candidates_max(), 3U);
  EXPECT_EQ(new_request.retried_from(), job_id);
  EXPECT_EQ(new_request.from_stage(), "scraping");
  EXPECT_GT(new_request.ticket_sequence(), 0U);
  EXPECT_EQ(world().status(job_id).at("status"), "failed");
  EXPECT_EQ(world().status(new_id).at("competition_name"), "titanic");
}

TEST_F(Steer, RetryUnderAKeyIsOneJobHoweverOftenItIsSent) {
  const auto job_id = ended_job();
  const Headers key{{"Idempotency-Key", "again"}};
  const auto first = retry(job_id, R"({"from_stage":"search"})", key);
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(retry(job_id, R"({"from_stage":"search"})", key).body, first.body);
  EXPECT_EQ(retry(job_id, R"({"from_stage":"scraping"})", key).status, 422);
  const auto new_id = json::parse(first.body).at("job_id").get<std::string>();
  EXPECT_EQ(requested(new_id).requested().from_stage(), "search");
}

TEST_F(Steer, RetryOfAJobThatGoesOnIs409AndOfNoneIs404) {
  const auto job_id = world().run().at("job_id").get<std::string>();
  const auto tickets = world().messages("TICKETS");
  const auto refused = retry(job_id);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(json::parse(refused.body).at("code"), "JOB_NOT_FINISHED");
  EXPECT_EQ(retry(kUnknownJob).status, 404);
  EXPECT_EQ(retry(ended_job(), R"({"from_stage":"middle"})").status, 400);
  EXPECT_EQ(world().messages("TICKETS"), tickets + 1) << "only the job that was made to end";
}

TEST_F(Steer, RetryFindsTheRequestInTheArchiveWhenTheBusForgotIt) {
  const auto job_id = ended_job();
  const json purge{{"filter", "podium.jobs." + job_id + ".>"}};
  ASSERT_TRUE(world().bus().request("$JS.API.STREAM.PURGE.JOBS", purge.dump()).has_value());
  ASSERT_FALSE(find_requested(world().bus(), job_id).value().has_value());
  const auto answer = retry(job_id);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto new_id = json::parse(answer.body).at("job_id").get<std::string>();
  EXPECT_EQ(requested(new_id).requested().options().candidates_max(), 3U);
}

}  // namespace
}  // namespace podium::gateway::testing
