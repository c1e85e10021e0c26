#include "services/gateway/events_hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "libs/chassis/event.hpp"
#include "services/gateway/testing/stub_bus.hpp"

namespace podium::gateway {
namespace {

using Clock = EventsHub::Clock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::seconds kSoon{20};

std::string event_bytes(const std::string& job_id, std::string_view name) {
  v1::Event cause;
  cause.set_job_id(job_id);
  cause.set_tenant("default");
  v1::Event event = event_of(cause, name, "");
  if (name == "requested") event.mutable_requested();
  if (name == "scraped") event.mutable_scraped();
  if (name == "ended") event.mutable_ended();
  return event.SerializeAsString();
}

std::vector<std::uint64_t> sequences_of(const EventsHub::Batch& batch) {
  std::vector<std::uint64_t> sequences;
  for (const auto& event : batch.events) sequences.push_back(event->sequence);
  return sequences;
}

/// A hub that follows a stream which holds `stored` messages.
class EventsHubTest : public ::testing::Test {
 protected:
  void follow(std::uint64_t stored, EventsHub::Options options = {}) {
    bus_.state.last_sequence = stored;
    bus_.state.first_sequence = stored == 0 ? 0 : 1;
    hub_.emplace(bus_, options);
    follower_ = std::jthread{
        [this](const std::stop_token& stop) { EXPECT_TRUE(hub_->run(stop).has_value()); }};
  }
  void deliver(std::uint64_t sequence, const std::string& job_id, std::string_view name) {
    bus_.deliver({.subject = "podium.jobs." + job_id,
                  .data = event_bytes(job_id, name),
                  .sequence = sequence,
                  .time = {}});
  }
  EventsHub::Batch wait(std::uint64_t position, EventFilter filter = {}) {
    return hub_->wait({position, hub_->newest().epoch}, filter, Clock::now() + kSoon);
  }

  StubBus bus_;
  std::optional<EventsHub> hub_;
  std::jthread follower_;
};

TEST_F(EventsHubTest, GivesWhatCameAfterThePosition) {
  follow(0);
  deliver(1, "j1", "requested");
  deliver(2, "j1", "scraped");
  deliver(3, "j2", "requested");
  EXPECT_THAT(sequences_of(wait(1)), ElementsAre(2, 3));
}

TEST_F(EventsHubTest, FilterLeavesOtherJobsOut) {
  follow(0);
  deliver(1, "j1", "requested");
  deliver(2, "j2", "requested");
  deliver(3, "j1", "scraped");
  const auto batch = wait(0, {.job_id = "j1", .tenant = {}});
  EXPECT_THAT(sequences_of(batch), ElementsAre(1, 3));
  EXPECT_EQ(batch.position.sequence, 3U);
}

TEST_F(EventsHubTest, WaitsForTheNextEvent) {
  follow(0);
  deliver(1, "j1", "requested");
  EventsHub::Batch batch;
  {
    const std::jthread waiter{[&] { batch = wait(1, {.job_id = "j1", .tenant = {}}); }};
    deliver(2, "j2", "requested");
    deliver(3, "j1", "ended");
  }
  EXPECT_THAT(sequences_of(batch), ElementsAre(3));
}

TEST_F(EventsHubTest, DeadlineGivesNoneAndGoesOnBehindWhatWasSeen) {
  follow(0);
  deliver(1, "j2", "requested");
  const auto batch =
      hub_->wait({0, hub_->newest().epoch}, {.job_id = "j1", .tenant = {}}, Clock::now());
  EXPECT_THAT(batch.events, IsEmpty());
  EXPECT_EQ(batch.position.sequence, 1U);
  EXPECT_FALSE(batch.missed);
}

TEST_F(EventsHubTest, SlowWatcherLearnsThatItMissedEvents) {
  follow(0, {.events_max = 2, .bytes_max = 1UL << 20, .retry = std::chrono::milliseconds{1}});
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) deliver(sequence, "j1", "scraped");
  EXPECT_TRUE(wait(1).missed);
  EXPECT_FALSE(wait(3).missed);
  EXPECT_THAT(sequences_of(wait(3)), ElementsAre(4, 5));
  EXPECT_EQ(hub_->floor().sequence, 3U);
}

TEST_F(EventsHubTest, RingIsBoundedInBytes) {
  follow(0, {.events_max = 1'000, .bytes_max = 1'000, .retry = std::chrono::milliseconds{1}});
  for (std::uint64_t sequence = 1; sequence <= 50; ++sequence) deliver(sequence, "j1", "scraped");
  EXPECT_GT(hub_->floor().sequence, 20U);
  EXPECT_LT(hub_->floor().sequence, 50U);
}

TEST_F(EventsHubTest, BeginsWithTheNewestThatTheRingHolds) {
  follow(100, {.events_max = 10, .bytes_max = 1UL << 20, .retry = std::chrono::milliseconds{1}});
  EXPECT_EQ(bus_.first_read(), 91U);
  EXPECT_FALSE(hub_->following());
  for (std::uint64_t sequence = 91; sequence <= 100; ++sequence) deliver(sequence, "j1", "scraped");
  const auto deadline = Clock::now() + kSoon;
  while (!hub_->following() && Clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(hub_->following());
  EXPECT_EQ(hub_->floor().sequence, 90U);
}

TEST_F(EventsHubTest, StreamThatWasMadeAnewIsMissedByItsWatchers) {
  follow(0);
  deliver(1, "j1", "requested");
  deliver(2, "j1", "scraped");
  const auto before = hub_->newest();
  deliver(1, "j9", "requested");
  const auto batch = hub_->wait(before, {}, Clock::now() + kSoon);
  EXPECT_TRUE(batch.missed);
  EXPECT_EQ(batch.position.sequence, 0U);
}

TEST_F(EventsHubTest, CloseEndsEveryWait) {
  follow(0);
  deliver(1, "j1", "requested");
  EventsHub::Batch batch;
  {
    const std::jthread waiter{[&] { batch = wait(1); }};
    hub_->close();
  }
  EXPECT_TRUE(batch.closed);
}

TEST_F(EventsHubTest, KnowsWhetherItHoldsTheWholeLifeOfAJob) {
  follow(0);
  deliver(1, "j1", "requested");
  deliver(2, "j2", "scraped");
  EXPECT_TRUE(hub_->holds_all_of("j1"));
  EXPECT_FALSE(hub_->holds_all_of("j2"));
}

TEST(HubEvent, IsOneLineOfJsonWithTheNamesOfTheProto) {
  const auto event = read_hub_event(7, event_bytes("j1", "requested"));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->name, "requested");
  EXPECT_EQ(event->tenant, "default");
  EXPECT_TRUE(event->json.contains(R"("job_id":"j1")")) << event->json;
  EXPECT_FALSE(event->json.contains('\n'));
}

TEST(HubEvent, BytesThatAreNoEventAreRefused) {
  EXPECT_FALSE(read_hub_event(7, "\xff\xff").has_value());
}

}  // namespace
}  // namespace podium::gateway
