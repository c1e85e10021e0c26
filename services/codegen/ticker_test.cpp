#include "services/codegen/ticker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <tuple>

#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;

v1::SearchState waking(const std::string& job, TimePoint at) {
  v1::SearchState state;
  state.set_job_id(job);
  *state.mutable_wake_at() = to_proto(at);
  return state;
}

Result<void> ignore(const std::string&) {
  return {};
}

TEST(Ticker, AJobIsDueWhenItsTimeHasCome) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  ticker.observe(waking("a", kStart + 10s));
  EXPECT_EQ(ticker.take_due(kStart + 9s), "");
  EXPECT_EQ(ticker.take_due(kStart + 10s), "a");
}

TEST(Ticker, TheEarliestIsTakenFirst) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  ticker.observe(waking("late", kStart + 2s));
  ticker.observe(waking("early", kStart + 1s));
  EXPECT_EQ(ticker.take_due(kStart + 5s), "early");
  EXPECT_EQ(ticker.take_due(kStart + 5s), "late");
}

TEST(Ticker, ALaterStateMovesTheJob) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  ticker.observe(waking("a", kStart + 1s));
  ticker.observe(waking("a", kStart + 100s));
  EXPECT_EQ(ticker.take_due(kStart + 50s), "");
}

TEST(Ticker, ATickedJobComesAgainOnlyAfterAPause) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  ticker.observe(waking("a", kStart));
  EXPECT_EQ(ticker.take_due(kStart), "a");
  EXPECT_EQ(ticker.take_due(kStart), "");
  EXPECT_EQ(ticker.take_due(kStart + kTickIntervalMin), "a");
}

TEST(Ticker, AnEndedJobIsForgotten) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  ticker.observe(waking("a", kStart));
  auto ended = waking("a", kStart);
  ended.set_phase(v1::SEARCH_PHASE_ENDED);
  ticker.observe(ended);
  EXPECT_EQ(ticker.take_due(kStart + 1h), "");
}

TEST(Ticker, AnEndedJobWithAnUnpublishedOutboxIsStillTicked) {
  ManualClock clock;
  Ticker ticker{clock, ignore};
  auto ended = waking("a", kStart);
  ended.set_phase(v1::SEARCH_PHASE_ENDED);
  ended.add_outbox()->set_remove_ticket(1);
  ticker.observe(ended);
  EXPECT_EQ(ticker.take_due(kStart), "a");
}

TEST(Ticker, RunningItTicksWhatIsObservedLater) {
  ManualClock clock;
  std::promise<std::string> ticked;
  Ticker ticker{clock, [&, done = false](const std::string& job) mutable -> Result<void> {
                  if (!done) ticked.set_value(job);
                  done = true;
                  return {};
                }};
  std::jthread thread{[&](const std::stop_token& stop) { std::ignore = ticker.run(stop); }};
  ticker.observe(waking("a", kStart));
  EXPECT_EQ(ticked.get_future().get(), "a");
}

}  // namespace
}  // namespace podium::codegen
