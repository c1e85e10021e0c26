// Shared data on a real nats-server.
#include "services/scraper/adapters/key_value_data_cache.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/testing/fake_jobs.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
namespace reasons = competition::reasons;
using podium::testing::TestBroker;

class DataCacheTest : public ::testing::Test {
 protected:
  DataCacheTest() : store_{open_directory_store(folder_.path() / "store").value()} {
    broker_.make_bucket("competition_data");
  }
  std::unique_ptr<KeyValue> bucket() { return broker_.bus().bucket("competition_data").value(); }
  /// As one scraper has it.
  std::unique_ptr<KeyValueDataCache> cache(std::uint64_t bytes_max = 0,
                                           std::chrono::milliseconds grace = kClaimGrace) {
    return std::make_unique<KeyValueDataCache>(bucket(), *store_, jobs_, bytes_max, grace);
  }
  std::filesystem::path tar(const std::string& content) const {
    const auto file = folder_.path() / "data.tar";
    std::ofstream{file, std::ios::binary} << content;
    return file;
  }
  v1::ArtifactRef store(KeyValueDataCache& cache, const std::string& content,
                        const std::string& job) const {
    return cache.store(tar(content), job, {}).value();
  }
  bool is_stored(const v1::ArtifactRef& data) const { return store_->size(data.key()).has_value(); }
  v1::Scraped scraped(KeyValueDataCache& cache, const std::string& job) {
    v1::Scraped scraped;
    scraped.set_slug("titanic");
    *scraped.mutable_data() = store(cache, "the data", job);
    *scraped.mutable_facts() = store_->put_content("the facts").value();
    return scraped;
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  testing::FakeJobs jobs_;
  TestBroker broker_;
  const DataOffer offer_{.competition = "titanic", .version = "1", .told = "a"};
};

TEST_F(DataCacheTest, OneOfManyFetchesAndTheOthersAreGivenWhatItFound) {
  const auto first = cache();
  const auto second = cache();
  std::atomic<int> fetched = 0;
  std::atomic<int> given = 0;
  std::vector<std::jthread> jobs;
  for (int number = 0; number < 20; ++number) {
    jobs.emplace_back([&, number] {
      auto& own = number % 2 == 0 ? *first : *second;
      const auto job = "job-" + std::to_string(number);
      const auto lease = own.acquire(offer_, job, {}).value();
      if (lease->known() != nullptr) {
        EXPECT_EQ(lease->known()->slug(), "titanic");
        ++given;
        return;
      }
      ++fetched;
      lease->finish(scraped(own, job));
    });
  }
  jobs.clear();
  EXPECT_EQ(fetched, 1);
  EXPECT_EQ(given, 19);
}

TEST_F(DataCacheTest, ASlowHolderKeepsItsClaimByBeating) {
  const auto holder = cache(0, 400ms);
  const auto other = cache(0, 400ms);
  const auto lease = holder->acquire(offer_, "one", {}).value();
  std::stop_source stop;
  std::atomic<int> looks = 0;
  FetchControl control{.stop = stop.get_token(),
                       .on_progress = [&](std::string_view phase, std::uint64_t, std::uint64_t) {
                         EXPECT_EQ(phase, kWaiting);
                         // Many times the grace.
                         if (++looks == 20) stop.request_stop();
                       }};
  EXPECT_TRUE(other->acquire(offer_, "two", control).error().is(errors::kStopped));
}

TEST_F(DataCacheTest, AHolderThatIsGoneIsReplacedAfterAGrace) {
  v1::CompetitionData left;
  left.set_holder("a scraper that was killed");
  ASSERT_TRUE(bucket()->create("competition.titanic", left.SerializeAsString()));
  const auto next = cache(0, 300ms);
  const auto lease = next->acquire(offer_, "one", {}).value();
  EXPECT_EQ(lease->known(), nullptr);
}

TEST_F(DataCacheTest, AClaimThatIsGivenBackIsTakenAtOnce) {
  const auto first = cache();
  const auto second = cache();
  first->acquire(offer_, "one", {}).value().reset();
  EXPECT_EQ(second->acquire(offer_, "two", {}).value()->known(), nullptr);
}

TEST_F(DataCacheTest, AHolderThatLostItsClaimTellsNothing) {
  const auto first = cache();
  const auto lost = first->acquire(offer_, "one", {}).value();
  v1::CompetitionData taken;
  taken.set_holder("somebody else");
  ASSERT_TRUE(bucket()->put("competition.titanic", taken.SerializeAsString()));
  lost->finish(scraped(*first, "one"));
  v1::CompetitionData now;
  ASSERT_TRUE(now.ParseFromString(bucket()->get("competition.titanic").value()->value));
  EXPECT_EQ(now.holder(), "somebody else");
  EXPECT_FALSE(now.has_scraped());
}

/// Writes and keeps the answer to itself, or answers nothing at all, while it is told to.
class LossyKeyValue final : public KeyValue {
 public:
  explicit LossyKeyValue(std::unique_ptr<KeyValue> bucket) : bucket_{std::move(bucket)} {}
  Result<std::optional<Entry>> get(std::string_view key) override {
    if (lost_gets-- > 0) return lost();
    return bucket_->get(key);
  }
  Result<std::uint64_t> create(std::string_view key, std::string_view value) override {
    return bucket_->create(key, value);
  }
  Result<std::uint64_t> update(std::string_view key, std::string_view value,
                               std::uint64_t revision) override {
    auto put = bucket_->update(key, value, revision);
    if (lost_updates-- > 0) return lost();
    return put;
  }
  Result<std::uint64_t> put(std::string_view key, std::string_view value) override {
    return bucket_->put(key, value);
  }
  Result<void> remove(std::string_view key) override { return bucket_->remove(key); }
  Result<std::vector<std::string>> keys() override { return bucket_->keys(); }
  Result<std::unique_ptr<Subscription>> watch(std::function<void(const Entry&)> on_entry) override {
    return bucket_->watch(std::move(on_entry));
  }

  std::atomic<int> lost_gets = 0;
  std::atomic<int> lost_updates = 0;

 private:
  static std::unexpected<Error> lost() { return fail(errors::kTimeout, "no answer"); }
  std::unique_ptr<KeyValue> bucket_;
};

TEST_F(DataCacheTest, AWriteWhoseAnswerIsLostIsNoLostClaim) {
  auto lossy = std::make_unique<LossyKeyValue>(bucket());
  auto* const answers = lossy.get();
  KeyValueDataCache own{std::move(lossy), *store_, jobs_, 0, kClaimGrace};
  const auto lease = own.acquire(offer_, "one", {}).value();
  const auto found = scraped(own, "one");
  answers->lost_updates = 1;
  answers->lost_gets = 1;
  lease->finish(found);
  const auto known = cache()->acquire(offer_, "two", {}).value();
  ASSERT_NE(known->known(), nullptr);
  EXPECT_EQ(known->known()->slug(), "titanic");
}

TEST_F(DataCacheTest, OnlyWhatIsTheSameIsKnown) {
  const auto own = cache();
  const auto first = own->acquire(offer_, "one", {}).value();
  first->finish(scraped(*own, "one"));
  const auto is_known = [&](const DataOffer& offer) {
    return own->acquire(offer, "two", {}).value()->known() != nullptr;
  };
  EXPECT_TRUE(is_known(offer_));
  EXPECT_TRUE(is_known({"titanic", "1", ""})) << "the words could not be asked";
  EXPECT_FALSE(is_known({"titanic", "1", "b"}));
  EXPECT_FALSE(is_known({"titanic", "2", "a"}));
  EXPECT_FALSE(is_known({"another", "1", "a"}));
  ASSERT_TRUE(store_->remove_content(sha256_hex("the data")));
  EXPECT_FALSE(is_known(offer_)) << "its data is gone";
}

TEST_F(DataCacheTest, DataThatCannotBeUsedIsNotFetchedByEachJobThatWaits) {
  const auto own = cache();
  own->acquire(offer_, "one", {}).value()->refuse({&reasons::kArchiveUnsafe, "evil.zip"});
  const auto refused = own->acquire(offer_, "two", {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kArchiveUnsafe));
  EXPECT_EQ(refused.error().detail, "evil.zip");
  EXPECT_TRUE(own->acquire({"titanic", "2", "a"}, "three", {})) << "mended meanwhile";
}

TEST_F(DataCacheTest, WhatIsTooMuchGoesTheOldestFirstAndNeverFromAnOpenJob) {
  const auto own = cache(25);
  const auto open = store(*own, "ten bytes1", "open");
  jobs_.ended = {"ended", "ended-later"};
  const auto oldest = store(*own, "ten bytes2", "ended");
  const auto newer = store(*own, "ten bytes3", "ended-later");
  EXPECT_TRUE(is_stored(open));
  EXPECT_FALSE(is_stored(oldest));
  EXPECT_TRUE(is_stored(newer));
  const auto newest = store(*own, "ten bytes4", "open");
  EXPECT_FALSE(is_stored(newer));
  EXPECT_TRUE(is_stored(open) && is_stored(newest)) << "more than the limit, of open jobs";
}

TEST_F(DataCacheTest, AJobThatNothingIsKnownOfIsOpen) {
  const auto own = cache(1);
  jobs_.unknown = {"just begun"};
  const auto data = store(*own, "data", "just begun");
  store(*own, "more data", "another");
  EXPECT_TRUE(is_stored(data));
}

TEST_F(DataCacheTest, DataThatIsUsedAgainIsNoLongerTheOldest) {
  const auto own = cache(25);
  jobs_.ended = {"one", "two"};
  const auto first = store(*own, "ten bytes1", "one");
  const auto second = store(*own, "ten bytes2", "two");
  store(*own, "ten bytes1", "one");
  store(*own, "ten bytes3", "open");
  EXPECT_TRUE(is_stored(first));
  EXPECT_FALSE(is_stored(second));
}

TEST_F(DataCacheTest, TheMarkOfOneWhoWasKilledWhileRemovingIsTakenAway) {
  jobs_.ended = {"one"};
  const auto own = cache();
  const auto data = store(*own, "data", "one");
  v1::StoredData record;
  const auto key = "data." + data.sha256();
  ASSERT_TRUE(record.ParseFromString(bucket()->get(key).value()->value));
  record.set_removing(true);
  ASSERT_TRUE(bucket()->put(key, record.SerializeAsString()));
  const auto records = bucket();
  DataRetention patient{*records, *store_, jobs_, 0, std::chrono::milliseconds{200}};
  EXPECT_TRUE(patient.use(data, "two", {}).value());
  ASSERT_TRUE(record.ParseFromString(bucket()->get(key).value()->value));
  EXPECT_FALSE(record.removing());
}

TEST_F(DataCacheTest, DataThatIsBeingRemovedIsStoredAnew) {
  const auto own = cache();
  jobs_.ended = {"one"};
  const auto data = store(*own, "data", "one");
  v1::StoredData record;
  const auto key = "data." + data.sha256();
  ASSERT_TRUE(record.ParseFromString(bucket()->get(key).value()->value));
  record.set_removing(true);
  ASSERT_TRUE(bucket()->put(key, record.SerializeAsString()));
  std::jthread other{[&] { store(*own, "data", "two"); }};
  // What the one who removes does next.
  ASSERT_TRUE(store_->remove_content(data.sha256()));
  ASSERT_TRUE(bucket()->remove(key));
  other.join();
  EXPECT_TRUE(is_stored(data));
}

}  // namespace
}  // namespace podium::scraper
