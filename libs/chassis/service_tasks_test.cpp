#include "libs/chassis/service_tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace podium {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Clock = std::chrono::steady_clock;

Result<void> wait_for_stop(std::stop_token stop) {
  std::promise<void> stopped;
  const std::stop_callback wake{stop, [&] { stopped.set_value(); }};
  stopped.get_future().wait();
  return {};
}

void no_error_expected(const Error& error) {
  ADD_FAILURE() << error.text();
}

TEST(ServiceTasks, RunUntilTheyAreStopped) {
  ServiceTasks tasks{no_error_expected};
  tasks.add("a", wait_for_stop);
  tasks.add("b", wait_for_stop);
  tasks.start();
  EXPECT_THAT(tasks.join(Clock::now()), ElementsAre("a", "b"));
  tasks.request_stop();
  EXPECT_THAT(tasks.join(Clock::now() + 20s), IsEmpty());
}

TEST(ServiceTasks, TellTheErrorOfATaskWithItsName) {
  std::promise<Error> told;
  ServiceTasks tasks{[&](Error error) { told.set_value(std::move(error)); }};
  tasks.add("watch", [](std::stop_token) -> Result<void> {
    return fail(errors::kUnavailable, "lost its bucket");
  });
  tasks.start();
  const Error error = told.get_future().get();
  EXPECT_TRUE(error.is(errors::kUnavailable));
  EXPECT_THAT(error.detail, HasSubstr("watch: lost its bucket"));
}

TEST(ServiceTasks, AnExceptionIsAnError) {
  std::promise<Error> told;
  ServiceTasks tasks{[&](Error error) { told.set_value(std::move(error)); }};
  tasks.add("odd", [](std::stop_token) -> Result<void> { throw std::runtime_error{"broke"}; });
  tasks.start();
  EXPECT_TRUE(told.get_future().get().is(errors::kInternal));
}

TEST(ServiceTasks, AnErrorAfterTheStopIsNobodysConcern) {
  ServiceTasks tasks{no_error_expected};
  tasks.add("a", [](std::stop_token stop) -> Result<void> {
    static_cast<void>(wait_for_stop(stop));
    return fail(errors::kStopped, "stopped");
  });
  tasks.start();
  tasks.request_stop();
  EXPECT_THAT(tasks.join(Clock::now() + 20s), IsEmpty());
}

TEST(ServiceTasks, NeverStartedHoldNothingUp) {
  ServiceTasks tasks{no_error_expected};
  tasks.add("a", wait_for_stop);
  EXPECT_THAT(tasks.join(Clock::now()), IsEmpty());
}

}  // namespace
}  // namespace podium
