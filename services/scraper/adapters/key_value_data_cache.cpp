#include "services/scraper/adapters/key_value_data_cache.hpp"

#include <format>
#include <thread>
#include <utility>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::scraper {
namespace {

using std::chrono::steady_clock;

/// Known already: there is nothing to be fetched.
class KnownData final : public DataLease {
 public:
  explicit KnownData(v1::Scraped scraped) : scraped_{std::move(scraped)} {}
  const v1::Scraped* known() const override { return &scraped_; }
  void finish(const v1::Scraped&) override {}
  void refuse(const Error&) override {}

 private:
  v1::Scraped scraped_;
};

/// The right to fetch. Beats until it is destroyed, which gives it back when it was not finished.
class Claim final : public DataLease {
 public:
  Claim(KeyValue& bucket, KeyValue::Entry entry, v1::CompetitionData record, DataOffer offer,
        std::chrono::milliseconds beat_every, Changes& changes)
      : bucket_{bucket},
        changes_{changes},
        key_{std::move(entry.key)},
        record_{std::move(record)},
        offer_{std::move(offer)},
        revision_{entry.revision},
        beat_{[this, beat_every](const std::stop_token& stop) {
          while (ours_ && pause_for(beat_every, stop)) write(record_.holder());
        }} {}
  ~Claim() override {
    give_back();
    changes_.tell();
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  const v1::Scraped* known() const override { return nullptr; }
  void finish(const v1::Scraped& scraped) override {
    end_beat();
    note_offer();
    *record_.mutable_scraped() = scraped;
    give_back();
  }
  void refuse(const Error& reason) override {
    end_beat();
    note_offer();
    record_.mutable_failed()->set_reason_code(std::string{reason.code->name});
    record_.mutable_failed()->set_message(reason.detail);
    *record_.mutable_failed_at() = to_proto(std::chrono::system_clock::now());
    give_back();
  }

 private:
  void note_offer() {
    record_.set_version(offer_.version);
    record_.set_told(offer_.told);
    record_.clear_scraped();
    record_.clear_failed();
    record_.clear_failed_at();
  }
  void give_back() {
    end_beat();
    if (!ours_) return;
    const auto holder = record_.holder();
    record_.clear_holder();
    write(holder);
    ours_ = false;
  }
  void end_beat() {
    beat_.request_stop();
    if (beat_.joinable()) beat_.join();
  }
  /// By one thread at a time: the beat, and after it the owner. Where an answer is lost, what the
  /// bucket holds tells whether it was written; while it tells nothing the claim is still ours, and
  /// the next beat goes on. A claim that somebody else has taken is left to them.
  void write(const std::string& holder) {
    record_.set_beats(record_.beats() + 1);
    const auto value = record_.SerializeAsString();
    for (int tries = 0; tries < kClaimWritesMax && ours_; ++tries) {
      if (const auto put = bucket_.update(key_, value, revision_)) {
        revision_ = *put;
        return;
      }
      const auto entry = bucket_.get(key_);
      if (!entry) continue;
      v1::CompetitionData now;
      const bool is_written = *entry && (*entry)->value == value;
      ours_ =
          is_written || (*entry && now.ParseFromString((*entry)->value) && now.holder() == holder);
      if (ours_) revision_ = (*entry)->revision;
      if (is_written) return;
    }
  }

  KeyValue& bucket_;
  Changes& changes_;
  const std::string key_;
  v1::CompetitionData record_;
  const DataOffer offer_;
  std::uint64_t revision_;
  bool ours_ = true;
  /// Last: it works with the others.
  std::jthread beat_;
};

/// Why data of just this offer could not be used a moment ago; nullopt when it may be fetched.
std::optional<Error> refusal_in(const v1::CompetitionData& record, const DataOffer& offer) {
  const auto* reason = competition::find_reason(record.failed().reason_code());
  const auto age = std::chrono::system_clock::now() - from_proto(record.failed_at());
  const bool same = record.version() == offer.version && record.told() == offer.told;
  if (reason == nullptr || !same || age > kRefusalAgeMax) return std::nullopt;
  return Error{reason, record.failed().message()};
}

}  // namespace

std::uint64_t Changes::newest() {
  const std::scoped_lock lock{mutex_};
  return newest_;
}

void Changes::tell() {
  const std::scoped_lock lock{mutex_};
  ++newest_;
  told_.notify_all();
}

void Changes::wait_for_one(std::uint64_t known, std::chrono::milliseconds time,
                           const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  told_.wait_for(lock, stop, time, [&] { return newest_ != known; });
}

KeyValueDataCache::KeyValueDataCache(std::unique_ptr<KeyValue> bucket, ArtifactStore& artifacts,
                                     JobWatch& jobs, std::uint64_t bytes_max,
                                     std::chrono::milliseconds grace)
    : bucket_{std::move(bucket)},
      artifacts_{artifacts},
      retention_{*bucket_, artifacts, jobs, bytes_max},
      grace_{grace},
      holder_{new_uuid_v7(std::chrono::system_clock::now())} {}

Result<std::unique_ptr<DataLease>> KeyValueDataCache::acquire(const DataOffer& offer,
                                                              const std::string& job_id,
                                                              const FetchControl& control) {
  const auto key = "competition." + offer.competition;
  std::uint64_t seen = 0;
  auto seen_at = steady_clock::now();
  while (!control.stop.stop_requested()) {
    const auto change = changes_.newest();
    const auto entry = PODIUM_TRY(bucket_->get(key));
    v1::CompetitionData record;
    if (entry && !record.ParseFromString(entry->value)) record.Clear();
    if (auto scraped = PODIUM_TRY(known(record, offer, job_id, control))) {
      return std::make_unique<KnownData>(*std::move(scraped));
    }
    if (auto refused = refusal_in(record, offer)) return std::unexpected{*std::move(refused)};
    const auto revision = entry ? entry->revision : 0;
    if (revision != seen) {
      seen = revision;
      seen_at = steady_clock::now();
    }
    if (record.holder().empty() || steady_clock::now() - seen_at >= grace_) {
      if (auto taken = PODIUM_TRY(take(key, std::move(record), revision, offer))) return taken;
      continue;
    }
    if (control.on_progress) control.on_progress(kWaiting, 0, 0);
    changes_.wait_for_one(change, kClaimLookEvery, control.stop);
  }
  return fail(errors::kStopped, "waiting for the data was stopped");
}

Result<std::unique_ptr<DataLease>> KeyValueDataCache::take(const std::string& key,
                                                           v1::CompetitionData record,
                                                           std::uint64_t revision,
                                                           const DataOffer& offer) {
  record.set_holder(std::format("{}/{}", holder_, ++takings_));
  const auto mine = record.SerializeAsString();
  const auto taken =
      revision == 0 ? bucket_->create(key, mine) : bucket_->update(key, mine, revision);
  if (!taken && taken.error().is(errors::kConflict)) return nullptr;
  KeyValue::Entry entry;
  entry.key = key;
  entry.revision = PODIUM_TRY(taken);
  return std::make_unique<Claim>(*bucket_, std::move(entry), std::move(record), offer, grace_ / 4,
                                 changes_);
}

Result<std::optional<v1::Scraped>> KeyValueDataCache::known(const v1::CompetitionData& record,
                                                            const DataOffer& offer,
                                                            const std::string& job_id,
                                                            const FetchControl& control) {
  // What could not be asked is taken to be as it was.
  const bool same = record.has_scraped() && record.version() == offer.version &&
                    (offer.told.empty() || record.told() == offer.told);
  if (!same) return std::nullopt;
  const auto facts = artifacts_.size(record.scraped().facts().key());
  if (!facts && facts.error().is(errors::kNotFound)) return std::nullopt;
  if (!facts) return std::unexpected{facts.error()};
  if (!PODIUM_TRY(retention_.use(record.scraped().data(), job_id, control.stop))) {
    return std::nullopt;
  }
  return record.scraped();
}

Result<bool> KeyValueDataCache::use(const v1::ArtifactRef& data, const std::string& job_id,
                                    const std::stop_token& stop) {
  return retention_.use(data, job_id, stop);
}

Result<v1::ArtifactRef> KeyValueDataCache::store(const std::filesystem::path& tar,
                                                 const std::string& job_id,
                                                 const FetchControl& control) {
  return retention_.store(tar, job_id, control.stop);
}

}  // namespace podium::scraper
