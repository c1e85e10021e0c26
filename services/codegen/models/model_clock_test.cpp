#include "services/codegen/models/model_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace podium::codegen::models {
namespace {

using namespace std::chrono_literals;

class SystemModelClockTest : public ::testing::Test {
 protected:
  SystemModelClock clock;
  std::mutex mutex;
  std::condition_variable_any changed;
};

TEST_F(SystemModelClockTest, WaitEndsAtItsTime) {
  const SteadyTime until = clock.now() + 5ms;
  std::unique_lock lock{mutex};
  clock.wait(lock, changed, {}, until);
  EXPECT_GE(clock.now(), until);
  EXPECT_TRUE(lock.owns_lock());
}

TEST_F(SystemModelClockTest, WaitEndsWithAChange) {
  bool done = false;
  std::unique_lock lock{mutex};
  std::jthread other{[&] {
    const std::lock_guard guard{mutex};
    done = true;
    changed.notify_all();
  }};
  while (!done) clock.wait(lock, changed, {}, SteadyTime::max());
  EXPECT_TRUE(lock.owns_lock());
}

TEST_F(SystemModelClockTest, WaitEndsWithAStop) {
  std::stop_source stop;
  std::unique_lock lock{mutex};
  std::jthread other{[&] { stop.request_stop(); }};
  while (!stop.stop_requested()) clock.wait(lock, changed, stop.get_token(), SteadyTime::max());
  EXPECT_TRUE(lock.owns_lock());
}

}  // namespace
}  // namespace podium::codegen::models
