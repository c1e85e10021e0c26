#include "services/tracker/track_task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <thread>

#include "services/tracker/testing/fake_bus.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::tracker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Longer than any of these tests needs: one that waits it out has failed.
constexpr seconds kTaskWait{30};

// Keeps in memory what the real store keeps in tables.
class FakeStore final : public ProjectionStore {
 public:
  Result<bool> acquire() override {
    const std::scoped_lock lock{mutex};
    return !held_by_another;
  }
  void release() override {}
  Result<std::optional<Position>> checkpoint() override {
    const std::scoped_lock lock{mutex};
    return known;
  }
  Result<Applied> apply(const std::optional<Position>& before,
                        const std::vector<Recorded>& batch) override {
    const std::scoped_lock lock{mutex};
    if (failures_left > 0 && failures_left-- > 0) return fail(errors::kUnavailable, "away");
    if (before != known) return fail(errors::kConflict, "moved");
    for (const Recorded& message : batch) {
      if (message.subject == poison) return fail(errors::kInvalid, "refused");
    }
    for (const Recorded& message : batch) applied.push_back(message.at);
    known = batch.back().at;
    if (lose_answer) {
      lose_answer = false;
      return fail(errors::kUnavailable, "lost after COMMIT");
    }
    return Applied{};
  }
  Result<void> pass_over(const std::optional<Position>& before, const Recorded& message,
                         const std::string& /*detail*/) override {
    const std::scoped_lock lock{mutex};
    if (before != known) return fail(errors::kConflict, "moved");
    passed_over.push_back(message.at.sequence);
    known = message.at;
    return {};
  }
  Result<std::map<std::string, std::int64_t>> open_jobs_by_stage() override { return {}; }
  Result<void> check() override { return {}; }

  std::mutex mutex;
  // All guarded by mutex.
  bool held_by_another = false;
  bool lose_answer = false;
  int failures_left = 0;
  std::string poison = "none";
  std::optional<Position> known;
  std::vector<Position> applied;
  std::vector<std::int64_t> passed_over;
};

class Tracking : public ::testing::Test {
 protected:
  void start() {
    thread_ = std::jthread{[this](const std::stop_token& stop) {
      TrackTask task{
          bus_, store_, {.batch_wait = milliseconds{1}, .standby_interval = milliseconds{5}}};
      EXPECT_TRUE(task.run(stop).has_value());
    }};
  }
  template <typename Value>
  Value read(Value FakeStore::* member) {
    const std::scoped_lock lock{store_.mutex};
    return store_.*member;
  }
  template <typename Value>
  void set(Value FakeStore::* member, Value value) {
    const std::scoped_lock lock{store_.mutex};
    store_.*member = std::move(value);
  }
  bool eventually(const std::function<bool()>& condition) {
    return podium::testing::wait_until(condition, kTaskWait);
  }
  bool knows(std::int64_t sequence) {
    const auto known = read(&FakeStore::known);
    return known && known->sequence == sequence;
  }
  std::vector<std::int64_t> sequences() {
    std::vector<std::int64_t> result;
    for (const auto& at : read(&FakeStore::applied)) result.push_back(at.sequence);
    return result;
  }
  void add(int count) {
    for (int message = 0; message < count; ++message) bus_.add("podium.jobs.x", "bytes");
  }

  testing::FakeBus bus_;
  FakeStore store_;
  std::jthread thread_;
};

using TrackingFaults = Tracking;

TEST_F(Tracking, WritesEveryMessageInOrder) {
  add(3);
  start();
  ASSERT_TRUE(eventually([&] { return knows(3); }));
  add(2);
  ASSERT_TRUE(eventually([&] { return knows(5); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(Tracking, GoesOnBehindTheCheckpoint) {
  add(4);
  set<std::optional<Position>>(&FakeStore::known,
                               Position{parse_moment("2026-11-22T07:30:50Z").value(), 3});
  start();
  ASSERT_TRUE(eventually([&] { return knows(4); }));
  EXPECT_THAT(sequences(), ElementsAre(4));
}

TEST_F(Tracking, WaitsWhileAnotherTrackerWrites) {
  set(&FakeStore::held_by_another, true);
  add(1);
  start();
  set(&FakeStore::held_by_another, false);
  EXPECT_TRUE(eventually([&] { return knows(1); }));
}

TEST_F(TrackingFaults, DatabaseAwayLosesNothing) {
  set(&FakeStore::failures_left, 2);
  add(3);
  start();
  ASSERT_TRUE(eventually([&] { return knows(3); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 3));
}

TEST_F(TrackingFaults, CommitWithoutAnAnswerIsNotRepeated) {
  set(&FakeStore::lose_answer, true);
  add(3);
  start();
  ASSERT_TRUE(eventually([&] { return knows(3); }));
  add(1);
  ASSERT_TRUE(eventually([&] { return knows(4); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 3, 4));
}

TEST_F(TrackingFaults, ResetStreamIsReadFromItsBeginningAsAnotherGeneration) {
  add(5);
  start();
  ASSERT_TRUE(eventually([&] { return knows(5); }));
  bus_.reset("2026-11-22T09:00:00Z");
  add(2);
  ASSERT_TRUE(eventually([&] { return knows(2); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 3, 4, 5, 1, 2));
  EXPECT_EQ(read(&FakeStore::known)->stream_created, parse_moment("2026-11-22T09:00:00Z"));
}

TEST_F(TrackingFaults, ShortenedStreamGivesItsSequencesAwayAgain) {
  add(5);
  start();
  ASSERT_TRUE(eventually([&] { return knows(5); }));
  bus_.reset("2026-11-22T07:30:50Z");
  add(3);
  ASSERT_TRUE(eventually([&] { return bus_.has_reader(); }));
  add(1);
  ASSERT_TRUE(eventually([&] { return knows(4); }));
  EXPECT_EQ(read(&FakeStore::known)->stream_created, parse_moment("2026-11-22T07:30:50.000001Z"));
}

TEST_F(TrackingFaults, SequenceThatFallsStartsAgainAtTheCheckpoint) {
  add(2);
  start();
  ASSERT_TRUE(eventually([&] { return knows(2); }));
  bus_.deliver(1, "podium.jobs.x", "again");
  add(1);
  ASSERT_TRUE(eventually([&] { return knows(3); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 3));
}

TEST_F(TrackingFaults, PoisonIsPassedOverAndItsNeighboursAreNot) {
  set<std::string>(&FakeStore::poison, "podium.jobs.poison");
  add(2);
  bus_.add("podium.jobs.poison", "bytes");
  add(2);
  start();
  ASSERT_TRUE(eventually([&] { return knows(5); }));
  EXPECT_THAT(sequences(), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(read(&FakeStore::passed_over), ElementsAre(3));
}

}  // namespace
}  // namespace podium::tracker
