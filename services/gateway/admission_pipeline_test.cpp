// Admission with real gateways and a real broker: exact, once, and whole after a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "libs/chassis/ids.hpp"
#include "podium/v1/search.pb.h"
#include "services/gateway/admission.hpp"
#include "services/gateway/testing/gateway_world.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::wait_until;
using ::testing::Each;

/// The answers of `count` requests that are sent at once, spread over the gateways.
std::vector<HttpAnswer> all_at_once(GatewayWorld& world, int count, int gateways,
                                    const Headers& headers = {}) {
  std::vector<HttpAnswer> answers(static_cast<std::size_t>(count));
  std::vector<std::jthread> clients;
  for (int i = 0; i < count; ++i) {
    clients.emplace_back([&, i] {
      answers[static_cast<std::size_t>(i)] =
          world.call("POST", "/run", json{{"kaggle_url", kTitanic}}.dump(), headers, i % gateways);
    });
  }
  clients.clear();
  return answers;
}

std::set<std::string> job_ids_of(const std::vector<HttpAnswer>& answers) {
  std::set<std::string> ids;
  for (const auto& answer : answers) {
    if (answer.status == 201) ids.insert(json::parse(answer.body).at("job_id").get<std::string>());
  }
  return ids;
}

class Admission : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<GatewayWorld>();
    world_->start_gateway(1);
  }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

TEST(AdmissionLimit, ThirtyTwoAtOnceAgainstALimitOfTenAdmitsExactlyTen) {
  GatewayWorld world{{{"PODIUM_JOBS_OPEN_MAX", "10"}, {"PODIUM_JOBS_OPEN_PER_TENANT_MAX", "10"}}};
  world.start_gateway(1);
  const auto answers = all_at_once(world, 32, 2);
  const auto ids = job_ids_of(answers);
  EXPECT_EQ(ids.size(), 10U) << world.logs();
  for (const auto& answer : answers) {
    if (answer.status == 201) continue;
    EXPECT_EQ(answer.status, 429) << answer.body;
    EXPECT_TRUE(answer.headers.contains("retry-after"));
    EXPECT_EQ(json::parse(answer.body).at("code"), "TOO_MANY_JOBS");
  }
  EXPECT_EQ(world.messages("TICKETS"), 10U);
  EXPECT_EQ(world.messages("JOBS"), 10U);

  world.remove_ticket(*ids.begin());
  EXPECT_EQ(all_at_once(world, 1, 1).front().status, 201);
  EXPECT_EQ(all_at_once(world, 1, 1).front().status, 429);
}

TEST_F(Admission, AnswersWithLocationAndTheJobAsItStands) {
  const auto answer = world().call("POST", "/run", json{{"url", kTitanic}}.dump());
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto job = json::parse(answer.body);
  EXPECT_EQ(answer.headers.at("location"), "/status/" + job.at("job_id").get<std::string>());
  EXPECT_EQ(job.at("status"), "queued");
  EXPECT_EQ(job.at("kaggle_url"), kTitanic);
  EXPECT_EQ(job.at("competition_name"), "titanic");
  EXPECT_EQ(job.at("trace_id").get<std::string>().size(), 32U);
  const auto requested = find_requested(world().bus(), job.at("job_id").get<std::string>());
  ASSERT_TRUE(requested.has_value() && requested->has_value());
  EXPECT_GT((*requested)->requested().ticket_sequence(), 0U);
  EXPECT_TRUE((*requested)->trace().traceparent().contains(job.at("trace_id").get<std::string>()));
}

TEST_F(Admission, FiftyTimesTheSameKeyOverTwoGatewaysIsOneJob) {
  const auto tickets = world().messages("TICKETS");
  const auto answers = all_at_once(world(), 50, 2, {{"Idempotency-Key", "fifty"}});
  EXPECT_EQ(job_ids_of(answers).size(), 1U);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.body, answers.front().body);
  }
  EXPECT_EQ(world().messages("TICKETS"), tickets + 1);
}

TEST_F(Admission, SameKeyLaterGetsTheSameAnswer) {
  const auto first = world().call("POST", "/run", R"({"url":"titanic","run_id":"later"})");
  const auto second = world().call("POST", "/run", R"({"run_id":"later","competition":"titanic"})");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(json::parse(first.body).at("job_id"), json::parse(second.body).at("job_id"));
  EXPECT_EQ(first.body, second.body);
}

TEST_F(Admission, SameKeyWithAnotherBodyIsRefused) {
  const Headers key{{"Idempotency-Key", "other-body"}};
  EXPECT_EQ(world().call("POST", "/run", R"({"url":"titanic"})", key).status, 201);
  const auto refused = world().call("POST", "/run", R"({"url":"tiny-digits"})", key);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(json::parse(refused.body).at("code"), "IDEMPOTENCY_KEY_REUSED");
}

// What a gateway leaves that is killed between its two publishes.
std::string publish_ticket_only(GatewayWorld& world, std::uint64_t* sequence = nullptr) {
  const RunRequest request =
      parse_run_request({.query = {{"url", kTitanic}}, .body = {}, .idempotency_key = {}}).value();
  const std::string job_id = new_uuid_v7(std::chrono::system_clock::now());
  const auto event = requested_event(request, job_id, "default",
                                     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const auto ticket =
      world.bus().publish(ticket_subject(event.tenant()), event.SerializeAsString());
  if (sequence != nullptr) *sequence = ticket.value().sequence;
  return job_id;
}

TEST_F(Admission, GatewayKilledBetweenTicketAndRequestedLosesNothing) {
  std::uint64_t sequence = 0;
  const std::string job_id = publish_ticket_only(world(), &sequence);
  std::optional<v1::Event> requested;
  EXPECT_TRUE(wait_until(
      [&] {
        requested = find_requested(world().bus(), job_id).value();
        return requested.has_value();
      },
      kLong))
      << world().logs();
  ASSERT_TRUE(requested.has_value());
  EXPECT_EQ(requested->requested().ticket_sequence(), sequence);
  EXPECT_TRUE(requested->trace().traceparent().contains("0af7651916cd43dd8448eb211c80319c"));
  world().wait_for_status(job_id, "queued");
}

TEST_F(Admission, JobOfATicketIsKnownBeforeItsRequestIsPublished) {
  const std::string job_id = publish_ticket_only(world());
  EXPECT_TRUE(wait_until([&] { return world().call("GET", "/status/" + job_id).status == 200; },
                         std::chrono::seconds{4}))
      << "the ticket is older than that before it is published";
}

TEST_F(Admission, TicketOfALostRaceIsTakenBack) {
  const auto job_id = world().run().at("job_id").get<std::string>();
  const auto requested = find_requested(world().bus(), job_id).value().value();
  const auto second =
      world().bus().publish(ticket_subject(requested.tenant()), requested.SerializeAsString());
  ASSERT_TRUE(second.has_value());
  ASSERT_NE(second->sequence, requested.requested().ticket_sequence());
  EXPECT_TRUE(wait_until(
      [&] { return !world().bus().message_at("TICKETS", second->sequence).value().has_value(); },
      kLong));
  EXPECT_TRUE(world()
                  .bus()
                  .message_at("TICKETS", requested.requested().ticket_sequence())
                  .value()
                  .has_value());
}

TEST_F(Admission, RequestLargerThanTheLargestExecutorIsCutAndToldSo) {
  auto capacity = world().bus().bucket("capacity");
  ASSERT_TRUE(capacity.has_value());
  v1::ExecutorCapacity executor;
  executor.mutable_total()->set_cpu_milli(2'000);
  executor.mutable_total()->set_memory_bytes(4ULL << 30);
  ASSERT_TRUE((*capacity)->put("e1", executor.SerializeAsString()).has_value());
  json job;
  EXPECT_TRUE(wait_until(
      [&] {
        job = world().run({{"kaggle_url", kTitanic},
                           {"priority", 0},
                           {"resources", {{"cpu", "4"}, {"memory", "8Gi"}}}});
        return job.at("warnings").size() == 2;
      },
      kLong));
  const auto requested =
      find_requested(world().bus(), job.at("job_id").get<std::string>()).value().value();
  EXPECT_EQ(requested.requested().options().resources().cpu_milli(), 2'000U);
  EXPECT_EQ(requested.requested().options().resources().memory_bytes(), 4ULL << 30);
}

}  // namespace
}  // namespace podium::gateway::testing
