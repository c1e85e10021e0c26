// What the submit stage reads and keeps on the bus, on a real nats-server.
#include <gtest/gtest.h>

#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/event.hpp"
#include "services/scraper/adapters/bus_job_events.hpp"
#include "services/scraper/adapters/key_value_submit_claims.hpp"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {
namespace {

using podium::testing::kTestJob;
using podium::testing::TestBroker;
using namespace std::chrono_literals;

const std::string kWatchedJob{kTestJob};

TEST(BusJobEvents, TheNewestOfANameIsRead) {
  TestBroker broker;
  broker.make_stream("JOBS", "podium.jobs.>");
  BusJobEvents events{broker.bus()};
  EXPECT_FALSE(events.last(kWatchedJob, "submitted").value());
  v1::Event event;
  event.set_job_id(kWatchedJob);
  for (const auto* reference : {"1", "2"}) {
    event.mutable_submitted()->set_reference(reference);
    ASSERT_TRUE(broker.bus().publish(subject_of(event).value(), event.SerializeAsString()));
  }
  EXPECT_EQ(events.last(kWatchedJob, "submitted").value()->submitted().reference(), "2");
  EXPECT_FALSE(events.last(kWatchedJob, "ended").value());
  EXPECT_TRUE(events.last(kWatchedJob, "no_such_event").error().is(errors::kInternal));
}

class SubmitClaimsTest : public ::testing::Test {
 protected:
  SubmitClaimsTest() { broker_.make_bucket("submit_claims"); }
  KeyValueSubmitClaims claims(const std::string& holder) {
    return {broker_.bus().bucket("submit_claims").value(), holder, [this] { return now_; }};
  }

  TestBroker broker_;
  KeyValueSubmitClaims::Clock::time_point now_;
};

TEST_F(SubmitClaimsTest, OnlyOneHasAClaimUntilItsLeaseIsOver) {
  auto first = claims("first");
  auto second = claims("second");
  EXPECT_TRUE(first.is_free(kWatchedJob).value());
  EXPECT_TRUE(first.take(kWatchedJob).value());
  EXPECT_FALSE(second.is_free(kWatchedJob).value());
  EXPECT_FALSE(second.take(kWatchedJob).value());
  EXPECT_FALSE(first.take(kWatchedJob).value())
      << "another worker of the same process is another one";
  now_ += kSubmitLease - 1s;
  EXPECT_FALSE(claims("third").take(kWatchedJob).value());
  now_ += 1s;
  EXPECT_FALSE(claims("fourth").take(kWatchedJob).value())
      << "whoever has just seen the claim does not know how old it is";
  EXPECT_TRUE(second.is_free(kWatchedJob).value());
  EXPECT_TRUE(second.take(kWatchedJob).value());
  EXPECT_FALSE(first.take(kWatchedJob).value());
}

TEST_F(SubmitClaimsTest, AReleasedClaimIsFreeAtOnce) {
  auto first = claims("first");
  const auto turn = first.take(kWatchedJob).value().value();
  ASSERT_TRUE(first.release(turn));
  ASSERT_TRUE(first.release(turn));
  EXPECT_TRUE(claims("second").take(kWatchedJob).value());
}

TEST_F(SubmitClaimsTest, OnceTheLastCallHasBegunAClaimLastsUntilItMustHaveSettled) {
  auto first = claims("first");
  auto turn = first.take(kWatchedJob).value().value();
  ASSERT_TRUE(first.begin_call(turn));
  // The process is killed; the next one knows no more than the bucket tells it.
  auto next = claims("next");
  now_ += kSubmitSettles;
  EXPECT_FALSE(next.is_free(kWatchedJob).value()) << "counted from its own first look";
  now_ += kSubmitSettles - 1s;
  EXPECT_FALSE(next.is_free(kWatchedJob).value());
  EXPECT_FALSE(next.take(kWatchedJob).value());
  now_ += 1s;
  EXPECT_TRUE(next.take(kWatchedJob).value());
}

TEST_F(SubmitClaimsTest, WhoWasOvertakenNeitherCallsNorReleases) {
  auto slow = claims("slow");
  auto next = claims("next");
  auto turn = slow.take(kWatchedJob).value().value();
  EXPECT_FALSE(next.is_free(kWatchedJob).value());
  now_ += kSubmitLease;
  auto its = next.take(kWatchedJob).value().value();
  EXPECT_TRUE(slow.begin_call(turn).error().is(errors::kConflict));
  ASSERT_TRUE(slow.release(turn));
  EXPECT_TRUE(next.begin_call(its));
  EXPECT_FALSE(slow.is_free(kWatchedJob).value());
}

}  // namespace
}  // namespace podium::scraper
