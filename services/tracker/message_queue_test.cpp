#include "services/tracker/message_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace podium::tracker {
namespace {

using std::chrono::milliseconds;

// Long enough that a test which waits it out has failed.
constexpr milliseconds kLongWait{60'000};
constexpr milliseconds kNone{0};

StoredMessage message(std::uint64_t sequence) {
  StoredMessage result;
  result.sequence = sequence;
  return result;
}

TEST(MessageQueue, GivesMessagesInOrderUpToTheCount) {
  MessageQueue queue{10};
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) queue.push(message(sequence));
  const auto first = queue.take(2, kLongWait, kLongWait, {});
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].sequence, 1U);
  EXPECT_EQ(first[1].sequence, 2U);
  EXPECT_EQ(queue.take(2, kLongWait, kNone, {}).size(), 1U);
}

TEST(MessageQueue, IsEmptyAfterTheWait) {
  MessageQueue queue{10};
  EXPECT_TRUE(queue.take(2, kNone, kLongWait, {}).empty());
}

TEST(MessageQueue, LetsTheTakerGoWhenItIsToStop) {
  MessageQueue queue{10};
  std::stop_source stop;
  std::jthread stopper{[&] { stop.request_stop(); }};
  EXPECT_TRUE(queue.take(2, kLongWait, kLongWait, stop.get_token()).empty());
}

TEST(MessageQueue, HoldsThePusherUpWhileItIsFull) {
  MessageQueue queue{2};
  std::atomic<int> pushed = 0;
  std::jthread pusher{[&] {
    for (std::uint64_t sequence = 1; sequence <= 50; ++sequence) {
      queue.push(message(sequence));
      ++pushed;
    }
  }};
  std::uint64_t next = 1;
  while (next <= 50) {
    for (const auto& taken : queue.take(5, kLongWait, kNone, {})) {
      EXPECT_EQ(taken.sequence, next++);
    }
    EXPECT_LE(pushed.load(), static_cast<int>(next) + 2);
  }
}

TEST(MessageQueue, ClosingLetsThePusherGo) {
  MessageQueue queue{1};
  queue.push(message(1));
  std::jthread pusher{[&] { queue.push(message(2)); }};
  queue.close();
  pusher.join();
  EXPECT_EQ(queue.take(5, kNone, kNone, {}).size(), 1U);
}

}  // namespace
}  // namespace podium::tracker
