#include "services/codegen/models/paced_provider.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "services/codegen/models/testing/fake_models.hpp"
#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using testing::answer;
using testing::failure;
using testing::FakeClock;
using testing::request_of;
using testing::ScriptedEndpoint;
using Kind = ModelProgress::Kind;

const PacedProviderOptions kNoChance{.chance = [] { return 0.0; }};

TEST(PacedProvider, RepeatsWhatMayPass) {
  FakeClock clock;
  ScriptedEndpoint endpoint{{failure(model_errors::kUnavailable),
                             failure(model_errors::kRateLimited, {.retry_after = 7s}),
                             answer("at last")}};
  PacedProvider provider{endpoint, clock, kNoChance};
  const auto reply = provider.complete(request_of("hi"), {});
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_EQ(reply->text, "at last");
  EXPECT_EQ(endpoint.calls, 3);
  EXPECT_EQ(clock.waited(), 500ms + 7s);
}

TEST(PacedProvider, WhatStaysIsNotRepeated) {
  FakeClock clock;
  ScriptedEndpoint endpoint{{failure(model_errors::kNoMoney)}};
  PacedProvider provider{endpoint, clock, kNoChance};
  const auto reply = provider.complete(request_of("hi"), {});
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(model_errors::kNoMoney));
  EXPECT_EQ(clock.waited(), 0ms);
}

TEST(PacedProvider, EndsAfterItsTries) {
  FakeClock clock;
  ScriptedEndpoint endpoint{
      {static_cast<std::size_t>(kTriesMax) + 5, failure(model_errors::kUnavailable)}};
  PacedProvider provider{endpoint, clock, kNoChance};
  ASSERT_FALSE(provider.complete(request_of("hi"), {}));
  EXPECT_EQ(endpoint.calls, kTriesMax);
}

TEST(PacedProvider, DoesNotWaitPastTheDeadline) {
  FakeClock clock;
  ScriptedEndpoint endpoint{{failure(model_errors::kRateLimited, {.retry_after = 60s})}};
  PacedProvider provider{endpoint, clock, kNoChance};
  ModelRequest request = request_of("hi");
  request.deadline = clock.now() + 30s;
  const auto reply = provider.complete(request, {});
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(model_errors::kRateLimited));
  EXPECT_EQ(clock.waited(), 0ms);
}

TEST(PacedProvider, APaceThatLeavesNoTimeIsToldWithoutACall) {
  FakeClock clock;
  ScriptedEndpoint endpoint{{failure(model_errors::kRateLimited, {.retry_after = 500s}), answer()}};
  PacedProvider provider{endpoint, clock, kNoChance};
  ASSERT_FALSE(provider.complete(request_of("one job"), {}));
  const auto other = provider.complete(request_of("another job"), {});
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().is(model_errors::kRateLimited));
  EXPECT_EQ(endpoint.calls, 1) << "the wait is shared by all jobs";
  clock.pass(500s);
  EXPECT_TRUE(provider.complete(request_of("another job"), {}));
}

TEST(PacedProvider, HeadersOfOneCallPaceTheNext) {
  FakeClock clock;
  ModelAttempt last = answer();
  last.rates.requests = {.limit = 1, .remaining = 0, .reset = 20s};
  ScriptedEndpoint endpoint{{last, answer()}};
  PacedProvider provider{endpoint, clock, kNoChance};
  ASSERT_TRUE(provider.complete(request_of("one"), {}));
  std::vector<std::chrono::milliseconds> waits;
  ASSERT_TRUE(provider.complete(request_of("two"), [&](const ModelProgress& progress) {
    if (progress.kind == Kind::waiting) waits.push_back(progress.wait);
  }));
  EXPECT_EQ(clock.waited(), 20s);
  EXPECT_EQ(waits, std::vector<std::chrono::milliseconds>{20s});
}

TEST(PacedProvider, TellsWhatFailedTriesCost) {
  FakeClock clock;
  const ModelUsage spent{.input_tokens = 100, .output_tokens = 30, .estimated = true};
  ScriptedEndpoint endpoint{{failure(model_errors::kUnavailable, {}, spent), answer()}};
  PacedProvider provider{endpoint, clock, kNoChance};
  std::vector<ModelUsage> paid;
  ASSERT_TRUE(provider.complete(request_of("hi"), [&](const ModelProgress& progress) {
    if (progress.kind == Kind::failed) paid.push_back(progress.usage);
  }));
  EXPECT_EQ(paid, std::vector<ModelUsage>{spent});
}

TEST(PacedProvider, AStopEndsTheWait) {
  FakeClock clock;
  ScriptedEndpoint endpoint{{failure(model_errors::kUnavailable), answer()}};
  PacedProvider provider{endpoint, clock, kNoChance};
  std::stop_source stop;
  ModelRequest request = request_of("hi");
  request.stop = stop.get_token();
  const auto reply = provider.complete(request, [&](const ModelProgress& progress) {
    if (progress.kind == Kind::failed) stop.request_stop();
  });
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(errors::kStopped));
  EXPECT_EQ(endpoint.calls, 1);
}

// Counts the calls under way and lets them end together.
class BusyEndpoint final : public ModelEndpoint {
 public:
  ModelAttempt attempt(const ModelRequest& /*request*/, const OnProgress& /*progress*/) override {
    const int busy = ++busy_;
    int most = most_;
    while (busy > most && !most_.compare_exchange_weak(most, busy)) {
    }
    full.arrive_and_wait();
    --busy_;
    return answer();
  }
  std::string_view name() const override { return "busy"; }
  int most() const { return most_; }

  /// Two calls have to be under way at once; more never are.
  std::barrier<> full{2};

 private:
  std::atomic<int> busy_ = 0;
  std::atomic<int> most_ = 0;
};

TEST(PacedProvider, ThreadsShareItsPlaces) {
  SystemModelClock clock;
  BusyEndpoint endpoint;
  PacedProvider provider{endpoint, clock, {.calls_max = 2}};
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        if (provider.complete(request_of("hi"), {})) ++answered;
      });
    }
  }
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(endpoint.most(), 2);
}

TEST(PacedProvider, AStopWakesACallThatWaitsForAPlace) {
  SystemModelClock clock;
  BusyEndpoint endpoint;
  PacedProvider provider{endpoint, clock, {.calls_max = 1}};
  std::jthread holder{[&] { EXPECT_TRUE(provider.complete(request_of("holds it"), {})); }};
  std::stop_source stop;
  ModelRequest request = request_of("waits");
  request.stop = stop.get_token();
  std::jthread stopper;
  // It is told that it waits only once the holder has the place.
  const auto reply = [&] {
    while (endpoint.most() == 0) std::this_thread::yield();
    return provider.complete(request, [&](const ModelProgress& progress) {
      if (progress.kind == Kind::waiting) {
        stopper = std::jthread{[&] { stop.request_stop(); }};
      }
    });
  }();
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().is(errors::kStopped));
  endpoint.full.arrive_and_drop();
}

}  // namespace
}  // namespace podium::codegen::models
