#include "libs/chassis/http/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>

namespace podium::http {
namespace {

TEST(WorkerPool, RunsTasksOnSeveralThreadsAtOnce) {
  std::latch all_run{3};
  WorkerPool pool{3, 0};
  for (int i = 0; i < 3; ++i) {
    // Each waits for the others: one thread alone would never get on.
    EXPECT_TRUE(pool.try_submit([&] { all_run.arrive_and_wait(); }));
  }
  all_run.wait();
}

TEST(WorkerPool, RefusesWhatItsQueueCannotHold) {
  std::promise<void> go_on;
  const auto wait = [gate = go_on.get_future().share()] { gate.wait(); };
  WorkerPool pool{2, 1};
  EXPECT_TRUE(pool.try_submit(wait));
  EXPECT_TRUE(pool.try_submit(wait));
  EXPECT_TRUE(pool.try_submit(wait)) << "one may wait";
  EXPECT_FALSE(pool.try_submit(wait));
  go_on.set_value();
}

TEST(WorkerPool, KeepsItsThreadsForLaterTasks) {
  WorkerPool pool{1, 1};
  std::set<std::thread::id> threads;
  for (int i = 0; i < 100; ++i) {
    const auto ran_on = std::make_shared<std::promise<std::thread::id>>();
    // The thread may not be free yet when the next task comes: then the queue holds the task.
    ASSERT_TRUE(pool.try_submit([ran_on] { ran_on->set_value(std::this_thread::get_id()); }));
    threads.insert(ran_on->get_future().get());
  }
  EXPECT_EQ(threads.size(), 1U);
}

TEST(WorkerPool, RunsWhatIsQueuedWhenItCloses) {
  std::atomic<int> run = 0;
  WorkerPool pool{1, 10};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pool.try_submit([&] { ++run; }));
  pool.close();
  EXPECT_EQ(run, 10);
  EXPECT_FALSE(pool.try_submit([] {}));
}

}  // namespace
}  // namespace podium::http
