// Stages at work on a real nats-server.
#include "libs/chassis/bus/stage_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <format>
#include <optional>
#include <set>
#include <stdexcept>

#include "libs/chassis/bus/seen.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/trace.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using testing::drafted_event;
using ::testing::ElementsAre;
using testing::ended_event;
using ::testing::HasSubstr;
using testing::kPatience;
using testing::progressed_event;
using testing::Seen;
using ::testing::SizeIs;
using testing::TestBroker;
using testing::wait_until;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kCauseTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A door that handlers wait at.
class Gate {
 public:
  void open() {
    const std::scoped_lock lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, kPatience, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;  // guarded by mutex_
};

class StageRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    broker_.make_stream("JOBS", "podium.jobs.>");
    broker_.make_stream("DEAD_LETTERS", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>");
  }

  /// Runs `handler` on events `progressed`; the AckWait is short so that a missing beat shows.
  StageRunner& start(StageHandler handler, int workers = 1) {
    broker_.make_consumer("JOBS", "scraper-scrape",
                          R"(,"filter_subject":"podium.jobs.*.progressed","ack_wait":1500000000)");
    runner_.emplace(broker_.bus(), publisher_,
                    StageOptions{.name = "scrape",
                                 .stream = "JOBS",
                                 .durable = "scraper-scrape",
                                 .workers = workers,
                                 .ack_wait = 1500ms},
                    std::move(handler));
    EXPECT_TRUE(runner_->start());
    return *runner_;
  }
  void publish(std::string_view phase, unsigned attempt = 1) {
    auto event = progressed_event(phase, attempt);
    event.mutable_trace()->set_traceparent(kCauseTrace);
    ASSERT_TRUE(publisher_.publish(event));
  }
  bool settled() {
    const auto info = broker_.api("CONSUMER.INFO.JOBS.scraper-scrape", "");
    return info.contains("\"num_ack_pending\":0") && info.contains("\"num_pending\":0");
  }
  bool wait_settled() {
    return wait_until([this] { return settled(); }, kPatience);
  }
  std::optional<v1::Event> answer(const v1::Event& event) {
    const auto last = broker_.bus().last_message("JOBS", subject_of(event).value());
    if (!last || !*last) return std::nullopt;
    return parse_event((*last)->data).value();
  }

  TestBroker broker_;
  EventPublisher publisher_{broker_.bus(), "scraper"};
  std::optional<StageRunner> runner_;
};

TEST_F(StageRunnerTest, HandlesAnEventOnceAndPublishesItsAnswers) {
  Seen seen;
  start([&](const v1::Event& event, StageContext& context) -> Result<Events> {
    EXPECT_EQ(context.deliveries(), 1U);
    EXPECT_EQ(context.sequence(), 1U);
    seen.add(event.progressed().phase());
    return Events{drafted_event("c1"), drafted_event("c2")};
  });
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(1));
  ASSERT_TRUE(wait_settled());
  EXPECT_TRUE(answer(drafted_event("c1")) && answer(drafted_event("c2")));
  EXPECT_EQ(answer(drafted_event("c1"))->producer(), "scraper");
  EXPECT_THAT(seen.texts(), ElementsAre("fetching"));
}

TEST_F(StageRunnerTest, AnEventThatIsToComeAgainDoesAfterItsDelayAndHoldsNoWorker) {
  Seen seen;
  start([&](const v1::Event& event, StageContext& context) -> Result<Events> {
    seen.add(std::format("{} {}", event.progressed().phase(), context.deliveries()));
    if (event.progressed().phase() != "fetching" || context.deliveries() > 1) return Events{};
    context.come_again(1500ms);
    return Events{drafted_event("c1")};
  });
  const auto begun = Clock::now();
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(1));
  publish("unpacking", 2);
  ASSERT_TRUE(seen.wait_for(3));
  EXPECT_GE(Clock::now() - begun, 1500ms);
  EXPECT_THAT(seen.texts(), ElementsAre("fetching 1", "unpacking 1", "fetching 2"));
  EXPECT_TRUE(answer(drafted_event("c1"))) << "published before it comes again";
  EXPECT_TRUE(wait_settled());
}

TEST_F(StageRunnerTest, AnswersBelongToTheTraceOfTheirCause) {
  Seen seen;
  start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    seen.add(trace_id_of(context.traceparent()));
    return Events{ended_event()};
  });
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(1) && wait_settled());
  EXPECT_EQ(seen.texts().front(), trace_id_of(kCauseTrace));
  EXPECT_EQ(trace_id_of(answer(ended_event())->trace().traceparent()), trace_id_of(kCauseTrace));
}

TEST_F(StageRunnerTest, TheTraceSurvivesARedelivery) {
  Seen seen;
  start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    seen.add(trace_id_of(context.traceparent()));
    if (context.deliveries() == 1) return fail(errors::kUnavailable, "not yet");
    return Events{ended_event()};
  });
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(2) && wait_settled());
  EXPECT_THAT(seen.texts(), ElementsAre(trace_id_of(kCauseTrace), trace_id_of(kCauseTrace)));
  EXPECT_EQ(trace_id_of(answer(ended_event())->trace().traceparent()), trace_id_of(kCauseTrace));
}

TEST_F(StageRunnerTest, FailureBetweenPublishAndAckRepeatsWithoutASecondEffect) {
  Seen seen;
  start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    EXPECT_TRUE(context.emit(ended_event()));
    seen.add("handled");
    if (context.deliveries() == 1) return fail(errors::kUnavailable, "died before the ack");
    return Events{};
  });
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(2) && wait_settled());
  EXPECT_EQ(broker_.bus().stream_state("JOBS")->messages, 2U) << "the cause and one effect";
}

TEST_F(StageRunnerTest, RetriesComeWithGrowingDelay) {
  std::mutex mutex;
  std::vector<Clock::time_point> tries;
  start([&](const v1::Event&, StageContext&) -> Result<Events> {
    const std::scoped_lock lock{mutex};
    tries.push_back(Clock::now());
    if (tries.size() < 4) return fail(errors::kTimeout, "slow world");
    return Events{};
  });
  publish("fetching");
  ASSERT_TRUE(wait_until(
      [&] {
        const std::scoped_lock lock{mutex};
        return tries.size() == 4;
      },
      kPatience));
  // 250, 500 and 1000 ms, each less up to a quarter.
  EXPECT_GE(tries[1] - tries[0], 180ms);
  EXPECT_GE(tries[2] - tries[1], 370ms);
  EXPECT_GE(tries[3] - tries[2], 740ms);
  EXPECT_TRUE(wait_settled());
}

TEST_F(StageRunnerTest, ARejectedEventIsADeadLetterWithItsReason) {
  start([](const v1::Event&, StageContext&) -> Result<Events> {
    return fail(errors::kInvalid, "the slug is empty");
  });
  publish("fetching");
  std::optional<StoredMessage> letter;
  ASSERT_TRUE(wait_until(
      [&] {
        letter = broker_.bus().message_at("DEAD_LETTERS", 1).value();
        return letter.has_value();
      },
      kPatience));
  EXPECT_THAT(letter->data, HasSubstr("INVALID: the slug is empty"));
  EXPECT_TRUE(wait_settled());
}

TEST_F(StageRunnerTest, BytesThatAreNoEventAreADeadLetterAndTheStageGoesOn) {
  Seen seen;
  start([&](const v1::Event& event, StageContext&) -> Result<Events> {
    seen.add(event.progressed().phase());
    return Events{};
  });
  ASSERT_TRUE(broker_.bus().publish("podium.jobs.x.progressed", "\xff\xff", {}));
  publish("after");
  ASSERT_TRUE(seen.wait_for(1) && wait_settled());
  EXPECT_THAT(seen.texts(), ElementsAre("after"));
  EXPECT_TRUE(wait_until([&] { return broker_.bus().stream_state("DEAD_LETTERS")->messages == 1; },
                         kPatience));
}

TEST_F(StageRunnerTest, AnExceptionIsARetry) {
  Seen seen;
  start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    seen.add("handled");
    if (context.deliveries() == 1) throw std::runtime_error{"oops"};
    if (context.deliveries() == 2) throw 7;  // NOLINT(*exception-baseclass*)
    return Events{};
  });
  publish("fetching");
  EXPECT_TRUE(seen.wait_for(3));
  EXPECT_TRUE(wait_settled());
}

TEST_F(StageRunnerTest, AFatalErrorEndsTheStageAndHandsTheEventBack) {
  auto& runner = start([](const v1::Event&, StageContext&) -> Result<Events> {
    return fail(errors::kConfiguration, "no model");
  });
  EXPECT_FALSE(runner.fatal_error());
  publish("fetching");
  ASSERT_TRUE(runner.join(kPatience));
  ASSERT_TRUE(runner.fatal_error());
  EXPECT_TRUE(runner.fatal_error()->is(errors::kConfiguration));
  Seen seen;
  StageRunner other{broker_.bus(),
                    publisher_,
                    {.name = "scrape", .stream = "JOBS", .durable = "scraper-scrape"},
                    [&](const v1::Event&, StageContext&) -> Result<Events> {
                      seen.add("taken over");
                      return Events{};
                    }};
  ASSERT_TRUE(other.start());
  EXPECT_TRUE(seen.wait_for(1));
}

TEST_F(StageRunnerTest, LongWorkIsKeptByBeatsAndHandledOnce) {
  Seen started;
  Gate gate;
  start(
      [&](const v1::Event&, StageContext&) -> Result<Events> {
        started.add("handled");
        gate.pass();
        return Events{};
      },
      2);
  publish("fetching");
  ASSERT_TRUE(started.wait_for(1));
  // Twice the AckWait, during which a second worker stands ready.
  const auto until = Clock::now() + 3s;
  ASSERT_TRUE(wait_until([&] { return Clock::now() > until; }, kPatience));
  gate.open();
  ASSERT_TRUE(wait_settled());
  EXPECT_THAT(started.texts(), SizeIs(1));
}

TEST_F(StageRunnerTest, StopWhileHandlingFinishesTheEvent) {
  Seen started;
  auto& runner = start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    started.add("handled");
    wait_until([&] { return context.stop().stop_requested(); }, kPatience);
    return Events{ended_event()};
  });
  publish("fetching");
  ASSERT_TRUE(started.wait_for(1));
  runner.stop();
  ASSERT_TRUE(runner.join(kPatience));
  EXPECT_TRUE(settled());
  EXPECT_TRUE(answer(ended_event()));
}

TEST_F(StageRunnerTest, AStoppedHandlingHandsItsEventBackAtOnce) {
  Seen started;
  auto& runner = start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    started.add("handled");
    wait_until([&] { return context.stop().stop_requested(); }, kPatience);
    return fail(errors::kStopped, "the service is stopping");
  });
  publish("fetching");
  ASSERT_TRUE(started.wait_for(1));
  runner.stop();
  ASSERT_TRUE(runner.join(kPatience));
  const auto consumer = std::move(broker_.bus().pull("JOBS", "scraper-scrape").value());
  EXPECT_NE(consumer->next(5s).value(), nullptr);
}

TEST_F(StageRunnerTest, StopThatTakesTooLongHandsTheEventBackAndSettlesItNoMore) {
  Seen started;
  Gate gate;
  auto& runner = start([&](const v1::Event&, StageContext&) -> Result<Events> {
    started.add("handled");
    gate.pass();
    return Events{};
  });
  publish("fetching");
  ASSERT_TRUE(started.wait_for(1));
  runner.stop();
  EXPECT_FALSE(runner.join(1200ms)) << "an idle fetch ends in a second, the handling does not";
  const auto consumer = std::move(broker_.bus().pull("JOBS", "scraper-scrape").value());
  const auto again = std::move(consumer->next(5s).value());
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->deliveries(), 2U);
  gate.open();
  EXPECT_TRUE(runner.join(kPatience));
  EXPECT_FALSE(settled()) << "the late worker must not settle what is another's now";
}

TEST_F(StageRunnerTest, AnIdleStageStopsSoon) {
  auto& runner = start([](const v1::Event&, StageContext&) -> Result<Events> { return Events{}; });
  runner.stop();
  EXPECT_TRUE(runner.join(kPatience));
}

TEST_F(StageRunnerTest, ServerKilledWhileAnEventIsHandledLosesNothing) {
  Seen seen;
  Gate gate;
  start([&](const v1::Event& event, StageContext&) -> Result<Events> {
    seen.add(event.progressed().phase());
    gate.pass();
    return Events{ended_event()};
  });
  publish("first");
  ASSERT_TRUE(seen.wait_for(1));
  broker_.server().kill();
  broker_.server().start();
  gate.open();
  publish("second", 2);
  EXPECT_TRUE(wait_until([&] { return seen.texts().back() == "second"; }, kPatience));
  EXPECT_TRUE(wait_settled());
  EXPECT_TRUE(answer(ended_event()));
}

TEST_F(StageRunnerTest, ManyEventsByManyWorkersAreEachHandled) {
  constexpr unsigned kEvents = 200;
  std::mutex mutex;
  std::set<std::string> handled;
  start(
      [&](const v1::Event& event, StageContext&) -> Result<Events> {
        const std::scoped_lock lock{mutex};
        handled.insert(event.id());
        return Events{};
      },
      4);
  for (unsigned i = 1; i <= kEvents; ++i) publish("fetching", i);
  ASSERT_TRUE(wait_settled());
  EXPECT_THAT(handled, SizeIs(kEvents));
}

TEST_F(StageRunnerTest, RateLimitedEventsAreSentAtMostOnceASecondPerName) {
  Seen seen;
  start([&](const v1::Event&, StageContext& context) -> Result<Events> {
    for (unsigned i = 1; i <= 5; ++i) {
      EXPECT_TRUE(context.emit(drafted_event(std::format("limited-{}", i)), true));
      EXPECT_TRUE(context.emit(drafted_event(std::format("every-{}", i))));
    }
    EXPECT_TRUE(context.emit(ended_event(), true)) << "another name has a second of its own";
    seen.add("handled");
    return Events{};
  });
  publish("fetching");
  ASSERT_TRUE(seen.wait_for(1) && wait_settled());
  EXPECT_TRUE(answer(drafted_event("limited-1")));
  EXPECT_FALSE(answer(drafted_event("limited-2")));
  EXPECT_TRUE(answer(drafted_event("every-5")));
  EXPECT_TRUE(answer(ended_event()));
}

TEST_F(StageRunnerTest, AnUnknownDurableDoesNotStart) {
  StageRunner runner{broker_.bus(),
                     publisher_,
                     {.name = "scrape", .stream = "JOBS", .durable = "nobody"},
                     [](const v1::Event&, StageContext&) -> Result<Events> { return Events{}; }};
  EXPECT_TRUE(runner.start().error().is(errors::kNotFound));
}

TEST_F(StageRunnerTest, CountsWhatItHandles) {
  start([](const v1::Event&, StageContext&) -> Result<Events> { return Events{}; });
  publish("fetching");
  ASSERT_TRUE(wait_settled());
  EXPECT_TRUE(wait_until(
      [] {
        return metrics_text().contains(
            R"(podium_events_handled_total{consumer="scraper-scrape",outcome="ok"})");
      },
      kPatience));
  EXPECT_THAT(metrics_text(), HasSubstr("podium_stage_duration_seconds"));
  EXPECT_THAT(metrics_text(), HasSubstr("podium_event_age_seconds"));
  EXPECT_THAT(metrics_text(), HasSubstr(R"(podium_consumer_pending{consumer="scraper-scrape"} 0)"));
}

}  // namespace
}  // namespace podium
