// The gateway while a part that it stands on is away, and after it came back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/testing/gateway_world.hpp"
#include "services/gateway/testing/sse_reader.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::wait_until;
using ::testing::ElementsAre;

std::string job_id_of(const json& job) {
  return job.at("job_id").get<std::string>();
}

TEST(GatewayFaults, PostgresAwayJobsAreAcceptedAndKnownFromTheBus) {
  GatewayWorld world;
  const auto before = job_id_of(world.run());
  world.wait_for_status(before, "queued");
  world.postgres().kill();

  const auto job_id = job_id_of(world.run());
  EXPECT_EQ(world.status(job_id).at("status"), "queued");
  EXPECT_EQ(world.status(before).at("competition_name"), "titanic");
  EXPECT_EQ(world.call("GET", "/jobs").status, 503);
  EXPECT_EQ(world.call("GET", "/readyz").status, 503);
  EXPECT_EQ(json::parse(world.call("GET", "/health").body).at("status"), "degraded");
  EXPECT_EQ(world.call("GET", "/status/01890000-0000-7000-8000-000000000000").status, 503)
      << "a job that nobody knows now may still be an old one";
  world.publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  EXPECT_EQ(world.status(job_id).at("status"), "success");
  EXPECT_EQ(world.call("GET", "/result/" + job_id + "/submission.csv").status, 200);
  SseReader reader{world.url() + "/jobs/" + job_id + "/events"};
  EXPECT_THAT(names_of(reader.wait_for_end()), ElementsAre("requested", "ended", "end"));

  world.postgres().start();
  world.wait_for_status(job_id, "success");
  EXPECT_EQ(world.call("GET", "/readyz").status, 200);
}

TEST(GatewayFaults, TrackerAwayStatusAndEventsAreKnownFromTheBus) {
  GatewayWorld world;
  world.stop_tracker();
  const auto job_id = job_id_of(world.run());
  world.publish_scraped(job_id);
  EXPECT_EQ(world.status(job_id).at("status"), "queued");
  world.publish_ended(job_id, v1::JOB_STATUS_FAILED, "SCRAPE_FAILED");
  EXPECT_EQ(world.status(job_id).at("reason_code"), "SCRAPE_FAILED");
  SseReader reader{world.url() + "/jobs/" + job_id + "/events"};
  EXPECT_THAT(names_of(reader.wait_for_end()), ElementsAre("requested", "scraped", "ended", "end"));
  world.start_tracker();
  world.wait_for_status(job_id, "failed");
}

TEST(GatewayFaults, BrokerKilledRequestsAre503AndWorkAgainAfterwards) {
  GatewayWorld world;
  const auto before = job_id_of(world.run());
  world.nats().kill();
  const auto refused = world.call("POST", "/run", R"({"url":"titanic"})");
  EXPECT_TRUE(refused.status == 503 || refused.status == 504) << refused.body;
  EXPECT_EQ(world.call("GET", "/livez").status, 200);

  world.nats().start();
  std::string job_id;
  EXPECT_TRUE(wait_until(
      [&] {
        const auto answer = world.call("POST", "/run", R"({"url":"titanic","run_id":"again"})");
        if (answer.status != 201) return false;
        job_id = job_id_of(json::parse(answer.body));
        return true;
      },
      kLong))
      << world.logs();
  world.wait_for_status(job_id, "queued");
  world.wait_for_status(before, "queued");
  SseReader reader{world.url() + "/jobs/" + job_id + "/events"};
  EXPECT_TRUE(wait_until([&] { return world.bus().connected(); }, kLong));
  world.publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  EXPECT_THAT(names_of(reader.wait_for_end()), ElementsAre("requested", "ended", "end"));
}

}  // namespace
}  // namespace podium::gateway::testing
