// What key-value buckets promise, asked of a real nats-server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <format>
#include <thread>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/key_value.hpp"
#include "libs/chassis/bus/seen.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Seen;
using testing::TestBroker;
using ::testing::UnorderedElementsAre;

class KeyValueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    broker_.make_bucket("claims");
    bucket_ = std::move(broker_.bus().bucket("claims").value());
  }

  TestBroker broker_;
  std::unique_ptr<KeyValue> bucket_;
};

TEST_F(KeyValueTest, AnUnknownKeyHasNoValue) {
  EXPECT_FALSE(bucket_->get("run-1").value());
}

TEST_F(KeyValueTest, CreateGivesTheRevisionAndConflictsWithAValue) {
  const auto revision = bucket_->create("run-1", "one");
  ASSERT_TRUE(revision.has_value()) << revision.error().text();
  const auto entry = bucket_->get("run-1").value();
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->key, "run-1");
  EXPECT_EQ(entry->value, "one");
  EXPECT_EQ(entry->revision, *revision);
  const auto again = bucket_->create("run-1", "two");
  EXPECT_TRUE(again.error().is(errors::kConflict)) << again.error().text();
  EXPECT_EQ(bucket_->get("run-1").value()->value, "one");
}

TEST_F(KeyValueTest, UpdateHoldsAtItsRevisionAndConflictsAtAnother) {
  const auto first = bucket_->create("run-1", "one").value();
  const auto second = bucket_->update("run-1", "two", first);
  ASSERT_TRUE(second.has_value()) << second.error().text();
  const auto stale = bucket_->update("run-1", "three", first);
  EXPECT_TRUE(stale.error().is(errors::kConflict)) << stale.error().text();
  EXPECT_EQ(bucket_->get("run-1").value()->value, "two");
  EXPECT_TRUE(bucket_->update("run-1", "three", *second));
}

TEST_F(KeyValueTest, PutReplacesWhateverStandsThere) {
  EXPECT_TRUE(bucket_->put("run-1", "one"));
  EXPECT_TRUE(bucket_->put("run-1", "one"));
  EXPECT_TRUE(bucket_->put("run-1", "two"));
  EXPECT_EQ(bucket_->get("run-1").value()->value, "two");
}

TEST_F(KeyValueTest, ARemovedKeyHasNoValueAndMayBeCreatedAnew) {
  ASSERT_TRUE(bucket_->create("run-1", "one"));
  ASSERT_TRUE(bucket_->remove("run-1"));
  EXPECT_TRUE(bucket_->remove("run-1")) << "removing twice is safe";
  EXPECT_FALSE(bucket_->get("run-1").value());
  EXPECT_TRUE(bucket_->create("run-1", "two"));
  EXPECT_EQ(bucket_->get("run-1").value()->value, "two");
}

TEST_F(KeyValueTest, AnEmptyValueIsAValue) {
  ASSERT_TRUE(bucket_->create("run-1", ""));
  const auto entry = bucket_->get("run-1").value();
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->value, "");
}

TEST_F(KeyValueTest, KeysAreThoseWithAValue) {
  EXPECT_THAT(bucket_->keys().value(), IsEmpty());
  ASSERT_TRUE(bucket_->put("run-1", "one"));
  ASSERT_TRUE(bucket_->put("run-2", "two"));
  ASSERT_TRUE(bucket_->put("a.b", "three"));
  ASSERT_TRUE(bucket_->remove("run-1"));
  EXPECT_THAT(bucket_->keys().value(), UnorderedElementsAre("run-2", "a.b"));
}

TEST_F(KeyValueTest, WatchTellsWhatIsThereAndThenEveryChange) {
  ASSERT_TRUE(bucket_->put("run-1", "one"));
  ASSERT_TRUE(bucket_->put("run-1", "two"));
  Seen seen;
  const auto watching = bucket_->watch([&](const KeyValue::Entry& entry) {
    seen.add(std::format("{}={}{}", entry.key, entry.value, entry.deleted ? " removed" : ""));
  });
  ASSERT_TRUE(watching.has_value()) << watching.error().text();
  ASSERT_TRUE(seen.wait_for(1));
  ASSERT_TRUE(bucket_->put("run-2", "three"));
  ASSERT_TRUE(bucket_->remove("run-1"));
  ASSERT_TRUE(seen.wait_for(3));
  EXPECT_THAT(seen.texts(), ElementsAre("run-1=two", "run-2=three", "run-1= removed"));
}

TEST_F(KeyValueTest, OfManyWritersAtOneRevisionExactlyOneWins) {
  constexpr int kRounds = 20;
  constexpr int kWriters = 8;
  auto revision = bucket_->create("run-1", "start").value();
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<int> winners = 0;
    std::atomic<std::uint64_t> next = 0;
    {
      std::vector<std::jthread> writers;
      for (int writer = 0; writer < kWriters; ++writer) {
        writers.emplace_back([&, writer] {
          const auto won = bucket_->update("run-1", std::to_string(writer), revision);
          if (!won) return;
          ++winners;
          next = *won;
        });
      }
    }
    ASSERT_EQ(winners, 1) << "round " << round;
    revision = next;
  }
}

TEST_F(KeyValueTest, RefusesWhatIsNotAKey) {
  for (const auto* const key : {"", ".", "a.", ".a", "a..b", "a b", "*", "a.>", "\n"}) {
    EXPECT_FALSE(is_valid_key(key)) << key;
    EXPECT_TRUE(bucket_->get(key).error().is(errors::kInvalid)) << key;
    EXPECT_TRUE(bucket_->create(key, "").error().is(errors::kInvalid)) << key;
    EXPECT_TRUE(bucket_->put(key, "").error().is(errors::kInvalid)) << key;
    EXPECT_TRUE(bucket_->remove(key).error().is(errors::kInvalid)) << key;
  }
  EXPECT_TRUE(is_valid_key("job-1/candidate_2=x.Y"));
}

TEST_F(KeyValueTest, AnUnknownBucketIsNotFound) {
  const auto unknown = broker_.bus().bucket("nothing");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_TRUE(unknown.error().is(errors::kNotFound)) << unknown.error().text();
}

}  // namespace
}  // namespace podium
