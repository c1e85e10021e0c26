#include "services/executor/live_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>
#include <latch>
#include <vector>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

using testing::ElementsAre;

/// Keeps what is published.
struct Watcher {
  LiveLog::Publish publish() {
    return [this](const v1::LogLines& batch) -> Result<void> {
      const std::scoped_lock lock{mutex};
      batches.push_back(batch);
      return {};
    };
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto& batch : batches) {
      all.insert(all.end(), batch.lines().begin(), batch.lines().end());
    }
    return all;
  }
  std::mutex mutex;
  std::vector<v1::LogLines> batches;
};

TEST(LiveLog, PublishesLinesInOrderWithTheirNumbers) {
  Watcher watcher;
  LiveLog log{"run-1", "c-1", watcher.publish()};
  log.add("one\ntwo\nthr");
  log.add("ee");
  log.finish();
  EXPECT_THAT(watcher.lines(), ElementsAre("one", "two", "three"));
  std::uint64_t expected = 1;
  for (const auto& batch : watcher.batches) {
    EXPECT_EQ(batch.run_id(), "run-1");
    EXPECT_EQ(batch.candidate_id(), "c-1");
    EXPECT_EQ(batch.first_line(), expected);
    EXPECT_FALSE(batch.truncated());
    expected += static_cast<std::uint64_t>(batch.lines_size());
  }
}

TEST(LiveLog, ALoneLineIsPublishedWithoutWaitingForMore) {
  std::latch published{1};
  LiveLog log{"run-1", "c-1", [&](const v1::LogLines& batch) -> Result<void> {
                EXPECT_EQ(batch.lines(0), "alone");
                published.count_down();
                return {};
              }};
  log.add("alone\n");
  published.wait();
}

TEST(LiveLog, NoBatchIsLargerThanItsLimits) {
  Watcher watcher;
  LiveLog log{"run-1", "c-1", watcher.publish()};
  for (int line = 0; line < 100; ++line) log.add(std::string(3000, 'x') + "\n");
  log.finish();
  for (const auto& batch : watcher.batches) {
    EXPECT_LE(static_cast<std::size_t>(batch.lines_size()), kLogBatchLinesMax);
    EXPECT_LE(batch.ByteSizeLong(), kLogBatchBytesMax + 1024);
  }
  EXPECT_EQ(watcher.lines().size(), 100U);
}

TEST(LiveLog, AFloodIsCutWithAMarkWhereItWasCut) {
  Watcher watcher;
  LiveLog log{"run-1", "c-1", watcher.publish()};
  for (int line = 1; line <= 50'000; ++line) log.add(std::format("{}\n", line));
  log.finish();
  const auto lines = watcher.lines();
  EXPECT_LT(lines.size(), 10'000U);
  ASSERT_GT(lines.size(), 200U);
  EXPECT_EQ(lines[0], "1");
  bool marked = false;
  for (const auto& batch : watcher.batches) {
    if (!batch.truncated()) continue;
    marked = true;
    EXPECT_TRUE(batch.lines(batch.lines_size() - 1).contains("left out"));
  }
  EXPECT_TRUE(marked);
}

TEST(LiveLog, ABrokerThatIsAwayDoesNotHoldTheReadingUp) {
  std::latch release{1};
  int asked = 0;
  LiveLog log{"run-1", "c-1", [&](const v1::LogLines&) -> Result<void> {
                release.wait();
                ++asked;
                return fail(errors::kUnavailable, "away");
              }};
  for (int line = 0; line < 10'000; ++line) log.add("line\n");
  release.count_down();
  log.finish();
  // That this line is reached shows that add() never waited for the broker.
  EXPECT_GE(asked, 1);
}

}  // namespace
}  // namespace podium::executor
