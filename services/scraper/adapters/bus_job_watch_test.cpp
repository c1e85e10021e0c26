#include "services/scraper/adapters/bus_job_watch.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/event.hpp"
#include "podium/v1/search.pb.h"
#include "tests/support/wait_until.hpp"

namespace podium::scraper {
namespace {

using podium::testing::kPatience;
using podium::testing::kTestJob;
using podium::testing::TestBroker;

v1::Event requested() {
  v1::Event event;
  event.set_job_id(std::string{kTestJob});
  event.mutable_requested();
  return event;
}

class BusJobWatchTest : public ::testing::Test {
 protected:
  BusJobWatchTest() {
    broker_.make_stream("JOBS", "podium.jobs.>");
    broker_.make_bucket("searches");
  }
  void store(const v1::SearchState& state) {
    const auto bucket = broker_.bus().bucket("searches").value();
    ASSERT_TRUE(bucket->put(kTestJob, state.SerializeAsString()));
  }
  void publish(const v1::Event& event) {
    ASSERT_TRUE(broker_.bus().publish(subject_of(event).value(), event.SerializeAsString()));
  }

  TestBroker broker_;
};

TEST_F(BusJobWatchTest, AJobThatNobodyKnowsIsNotOver) {
  const auto watch = BusJobWatch::open(broker_.bus()).value();
  EXPECT_FALSE(watch->is_over(kTestJob));
  EXPECT_FALSE(watch->is_scraped(requested()).value());
}

TEST_F(BusJobWatchTest, TheEndOfAJobIsToldByItsState) {
  const auto watch = BusJobWatch::open(broker_.bus()).value();
  EXPECT_EQ(watch->has_ended(kTestJob).value(), std::nullopt);
  v1::SearchState state;
  state.set_phase(v1::SEARCH_PHASE_SCRAPING);
  store(state);
  EXPECT_EQ(watch->has_ended(kTestJob).value(), false);
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  store(state);
  EXPECT_EQ(watch->has_ended(kTestJob).value(), true);
}

TEST_F(BusJobWatchTest, ACancellationIsHeardAsItComes) {
  const auto watch = BusJobWatch::open(broker_.bus()).value();
  EXPECT_FALSE(watch->is_over(kTestJob));
  auto cancel = event_of(requested(), "cancel_requested", "");
  cancel.mutable_cancel_requested()->set_who("anna");
  publish(cancel);
  EXPECT_TRUE(podium::testing::wait_until([&] { return watch->is_over(kTestJob); }, kPatience));
}

TEST_F(BusJobWatchTest, TheEndOfAJobThatWasLookedAtIsHeard) {
  const auto watch = BusJobWatch::open(broker_.bus()).value();
  EXPECT_FALSE(watch->is_over(kTestJob));
  auto ended = event_of(requested(), "ended", "");
  ended.mutable_ended();
  publish(ended);
  EXPECT_TRUE(podium::testing::wait_until([&] { return watch->is_over(kTestJob); }, kPatience));
}

TEST_F(BusJobWatchTest, WhatCameBeforeIsToldByTheSearchsState) {
  v1::SearchState state;
  state.set_phase(v1::SEARCH_PHASE_SCRAPING);
  store(state);
  const auto early = BusJobWatch::open(broker_.bus()).value();
  EXPECT_FALSE(early->is_over(kTestJob));
  state.set_phase(v1::SEARCH_PHASE_ENDED);
  store(state);
  const auto late = BusJobWatch::open(broker_.bus()).value();
  EXPECT_TRUE(late->is_over(kTestJob));
}

TEST_F(BusJobWatchTest, AScrapedJobIsKnownByItsEvent) {
  const auto watch = BusJobWatch::open(broker_.bus()).value();
  auto scraped = event_of(requested(), "scraped", "");
  scraped.mutable_scraped()->set_slug("titanic");
  EXPECT_FALSE(watch->scraped_of(std::string{kTestJob}).value().has_value());
  publish(scraped);
  EXPECT_TRUE(watch->is_scraped(requested()).value());
  EXPECT_EQ(watch->scraped_of(std::string{kTestJob}).value()->slug(), "titanic");
}

}  // namespace
}  // namespace podium::scraper
