// Live events: the backlog from PostgreSQL and what the bus says now, joined without gap or double.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <thread>

#include "services/gateway/testing/gateway_world.hpp"
#include "services/gateway/testing/sse_reader.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::wait_until;
using ::testing::ElementsAre;

class Events : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<GatewayWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

  std::string new_job() { return world().run().at("job_id").get<std::string>(); }
  std::string events_of(const std::string& job_id) {
    return world().url() + "/jobs/" + job_id + "/events";
  }
  std::uint64_t publish_progress(const std::string& job_id, unsigned number) {
    auto event = world().event(job_id, "progressed", "", number);
    event.set_producer("scraper");
    event.mutable_progressed()->set_phase("fetching");
    event.mutable_progressed()->set_done(number);
    return world().publish(event);
  }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

std::vector<std::uint64_t> ids_of(const std::vector<SseFrame>& frames) {
  std::vector<std::uint64_t> ids;
  for (const auto& frame : frames) {
    if (frame.id != 0) ids.push_back(frame.id);
  }
  return ids;
}

TEST_F(Events, OfAJobAreItsWholeLifeAndThenTheEnd) {
  const auto job_id = new_job();
  SseReader reader{events_of(job_id)};
  world().publish_scraped(job_id);
  world().publish_draft(job_id, "c1");
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  const auto frames = reader.wait_for_end();
  EXPECT_THAT(names_of(frames),
              ElementsAre("requested", "scraped", "draft_requested", "drafted", "ended", "end"));
  const auto first = json::parse(frames.front().data);
  EXPECT_EQ(first.at("job_id"), job_id);
  EXPECT_EQ(first.at("requested").at("competition").at("slug"), "titanic");
}

TEST_F(Events, OfAnEndedJobAreReadFromTheDatabase) {
  const auto job_id = new_job();
  world().publish_scraped(job_id);
  world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "SCRAPE_FAILED");
  world().wait_for_status(job_id, "failed");
  SseReader reader{events_of(job_id)};
  EXPECT_THAT(names_of(reader.wait_for_end()), ElementsAre("requested", "scraped", "ended", "end"));
}

TEST_F(Events, WatchersThatComeAtAnyMomentGetEveryEventOnce) {
  constexpr unsigned kEvents = 400;
  const auto job_id = new_job();
  std::vector<std::uint64_t> published;
  std::list<SseReader> readers;
  for (unsigned number = 1; number <= kEvents; ++number) {
    published.push_back(publish_progress(job_id, number));
    if (number % 40 == 0) readers.emplace_back(events_of(job_id));
  }
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  for (auto& reader : readers) {
    const auto ids = ids_of(reader.wait_for_end());
    ASSERT_EQ(ids.size(), kEvents + 2) << world().logs();
    EXPECT_TRUE(std::ranges::is_sorted(ids, std::less_equal{}));
    EXPECT_TRUE(std::ranges::includes(ids, published));
  }
}

TEST_F(Events, ClientThatComesBackGoesOnBehindItsLastEvent) {
  const auto job_id = new_job();
  const auto first = publish_progress(job_id, 1);
  const auto second = publish_progress(job_id, 2);
  const auto third = publish_progress(job_id, 3);
  SseReader reader{events_of(job_id), first};
  EXPECT_THAT(ids_of(reader.wait([](const auto& frames) { return frames.size() >= 2; })),
              ElementsAre(second, third));
}

TEST_F(Events, ClientThatHasAllOfAnEndedJobIsToldToStop) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  world().wait_for_status(job_id, "success");
  SseReader all{events_of(job_id)};
  const auto last = ids_of(all.wait_for_end()).back();
  SseReader again{events_of(job_id), last};
  EXPECT_EQ(again.status(), 204);
}

TEST_F(Events, OfAllJobsBeginNow) {
  const auto before = new_job();
  SseReader reader{world().url() + "/events"};
  ASSERT_TRUE(reader.wait_until_open());
  const auto after = new_job();
  const auto frames = reader.wait([](const auto& all) { return !all.empty(); });
  ASSERT_FALSE(frames.empty());
  EXPECT_TRUE(frames.front().data.contains(after)) << frames.front().data;
  for (const auto& frame : frames) EXPECT_FALSE(frame.data.contains(before)) << frame.data;
}

TEST_F(Events, OfAllJobsGoOnBehindAnId) {
  const auto first = new_job();
  const auto sequence = publish_progress(first, 1);
  const auto second = new_job();
  SseReader reader{world().url() + "/events", sequence};
  const auto frames = reader.wait([](const auto& all) { return !all.empty(); });
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.front().id, sequence + 1);
  EXPECT_TRUE(frames.front().data.contains(second));
}

TEST_F(Events, OfAnUnknownJobAre404) {
  EXPECT_EQ(world().call("GET", "/jobs/01890000-0000-7000-8000-000000000000/events").status, 404);
}

TEST_F(Events, GatewayKilledWhileWatchedLosesAndRepeatsNothing) {
  world().start_gateway(7);
  const auto job_id = new_job();
  std::vector<std::uint64_t> seen;
  std::uint64_t last = 0;
  {
    SseReader reader{world().url(7) + "/jobs/" + job_id + "/events"};
    publish_progress(job_id, 1);
    publish_progress(job_id, 2);
    seen = ids_of(reader.wait([](const auto& frames) { return frames.size() >= 3; }));
    last = seen.back();
    world().stop_gateway(7);
    reader.wait_for_end();
  }
  const auto missed = publish_progress(job_id, 3);
  world().start_gateway(7);
  SseReader reader{world().url(7) + "/jobs/" + job_id + "/events", last};
  const auto next = publish_progress(job_id, 4);
  EXPECT_THAT(ids_of(reader.wait([](const auto& frames) { return frames.size() >= 2; })),
              ElementsAre(missed, next));
  world().stop_gateway(7);
}

}  // namespace
}  // namespace podium::gateway::testing
