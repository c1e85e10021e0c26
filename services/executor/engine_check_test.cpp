#include "services/executor/engine_check.hpp"

#include <gtest/gtest.h>

#include <thread>

#include <thread>

#include "services/executor/errors.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

TEST(EngineCheck, IsNotReadyBeforeItHasLooked) {
  fakes::FakeRuntime runtime;
  EngineCheck check{runtime};
  EXPECT_FALSE(check.ready().has_value());
  EXPECT_EQ(check.wait_until_ready({})->id, "engine-a");
  EXPECT_TRUE(check.ready().has_value());
}

TEST(EngineCheck, SaysWhyItIsNotReady) {
  fakes::FakeRuntime runtime;
  runtime.fail_with(Error{&kSandboxUnavailable, "no image podium-sandbox"});
  EngineCheck check{runtime};
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(check.wait_until_ready(stop.get_token()).has_value());
  EXPECT_FALSE(check.ready().has_value());
}

TEST(EngineCheck, WaitsForAnEngineThatComes) {
  fakes::FakeRuntime runtime;
  runtime.fail_with(Error{&kSandboxUnavailable, "away"});
  EngineCheck check{runtime, std::chrono::milliseconds{1}, std::chrono::milliseconds{1}};
  std::jthread comes{[&runtime] { runtime.fail_with(std::nullopt); }};
  EXPECT_TRUE(check.wait_until_ready({}).has_value());
}

TEST(EngineCheck, AnotherEngineEndsIt) {
  fakes::FakeRuntime runtime;
  EngineCheck check{runtime, std::chrono::milliseconds{1}, std::chrono::milliseconds{1}};
  ASSERT_TRUE(check.wait_until_ready({}).has_value());
  std::jthread replaces{[&runtime] { runtime.set_engine("engine-b"); }};
  EXPECT_FALSE(check.run({}).has_value());
}

}  // namespace
}  // namespace podium::executor
