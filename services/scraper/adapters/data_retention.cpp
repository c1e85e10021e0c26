#include "services/scraper/adapters/data_retention.hpp"

#include <algorithm>
#include <chrono>
#include <format>
#include <vector>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {
namespace {

constexpr std::string_view kPrefix = "data.";

std::string key_of(const v1::ArtifactRef& data) {
  return std::string{kPrefix} + data.sha256();
}

Result<v1::StoredData> parse(const KeyValue::Entry& entry) {
  v1::StoredData stored;
  if (stored.ParseFromString(entry.value)) return stored;
  return fail(errors::kInternal, std::format("the record {} cannot be read", entry.key));
}

}  // namespace

struct DataRetention::Held {
  std::string key;
  v1::StoredData stored;
  std::uint64_t revision = 0;
};

/// A job that waits to be noted, by itself or by whoever is faster.
class DataRetention::Waiting {
 public:
  Waiting(DataRetention& retention, std::string key, const std::string& job_id)
      : retention_{retention}, key_{std::move(key)}, job_id_{job_id} {
    const std::scoped_lock lock{retention_.waiting_mutex_};
    retention_.waiting_[key_].insert(job_id_);
  }
  ~Waiting() { noted({job_id_}); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  /// Everybody who waits for this data; without this job when somebody has noted it.
  std::set<std::string> all() const {
    const std::scoped_lock lock{retention_.waiting_mutex_};
    const auto at = retention_.waiting_.find(key_);
    return at == retention_.waiting_.end() ? std::set<std::string>{} : at->second;
  }
  void noted(const std::set<std::string>& jobs) const {
    const std::scoped_lock lock{retention_.waiting_mutex_};
    const auto at = retention_.waiting_.find(key_);
    if (at == retention_.waiting_.end()) return;
    for (const auto& job : jobs) at->second.erase(job);
    if (at->second.empty()) retention_.waiting_.erase(at);
  }

 private:
  DataRetention& retention_;
  const std::string key_;
  const std::string job_id_;
};

Result<v1::ArtifactRef> DataRetention::store(const std::filesystem::path& tar,
                                             const std::string& job_id,
                                             const std::stop_token& stop) {
  for (int tries = 0; tries < kStoreTriesMax; ++tries) {
    auto data = PODIUM_TRY(artifacts_.put_content_file(tar));
    PODIUM_TRY(note(data, job_id, stop));
    // Removed between the two: from now on nobody may.
    if (!PODIUM_TRY(is_stored(data))) continue;
    sweep();
    return data;
  }
  return fail(errors::kUnavailable, "stored data is removed again and again");
}

Result<bool> DataRetention::use(const v1::ArtifactRef& data, const std::string& job_id,
                                const std::stop_token& stop) {
  if (!PODIUM_TRY(is_stored(data))) return false;
  PODIUM_TRY(note(data, job_id, stop));
  return is_stored(data);
}

Result<bool> DataRetention::is_stored(const v1::ArtifactRef& data) {
  const auto bytes = artifacts_.size(data.key());
  if (bytes) return *bytes == data.bytes();
  if (bytes.error().is(errors::kNotFound)) return false;
  return std::unexpected{bytes.error()};
}

Result<void> DataRetention::note(const v1::ArtifactRef& data, const std::string& job_id,
                                 const std::stop_token& stop) {
  const auto key = key_of(data);
  const Waiting waiting{*this, key, job_id};
  while (!stop.stop_requested()) {
    std::unique_lock lock{noting_};
    const auto jobs = waiting.all();
    if (!jobs.contains(job_id)) return {};
    const auto entry = PODIUM_TRY(bucket_.get(key));
    v1::StoredData stored;
    if (entry) stored = PODIUM_TRY(parse(*entry));
    if (stored.removing()) {
      lock.unlock();
      PODIUM_TRY(await_removal(key, std::move(stored), entry->revision, stop));
      continue;
    }
    *stored.mutable_data() = data;
    *stored.mutable_used_at() = to_proto(std::chrono::system_clock::now());
    const int known = stored.jobs_size();
    for (const auto& job : jobs) {
      if (std::ranges::find(stored.jobs(), job) == stored.jobs().end()) stored.add_jobs(job);
    }
    if (stored.jobs_size() / kJobsOfDataMax > known / kJobsOfDataMax) forget_ended_jobs(stored);
    const auto value = stored.SerializeAsString();
    const auto put =
        entry ? bucket_.update(key, value, entry->revision) : bucket_.create(key, value);
    if (put) {
      waiting.noted(jobs);
      return {};
    }
    if (!put.error().is(errors::kConflict)) return std::unexpected{put.error()};
  }
  return fail(errors::kStopped, "storing data was stopped");
}

Result<void> DataRetention::await_removal(const std::string& key, v1::StoredData stored,
                                          std::uint64_t revision, const std::stop_token& stop) {
  std::chrono::milliseconds waited{0};
  while (waited < removal_grace_) {
    const auto entry = PODIUM_TRY(bucket_.get(key));
    if (!entry || entry->revision != revision) return {};
    if (!pause_for(kClaimLookEvery, stop)) return {};
    waited += kClaimLookEvery;
  }
  return unmark(key, std::move(stored), revision);
}

// Whoever was faster has decided what becomes of the data.
Result<void> DataRetention::unmark(const std::string& key, v1::StoredData stored,
                                   std::uint64_t revision) {
  stored.set_removing(false);
  const auto unmarked = bucket_.update(key, stored.SerializeAsString(), revision);
  if (unmarked || unmarked.error().is(errors::kConflict)) return {};
  return std::unexpected{unmarked.error()};
}

// Trouble here is told and waits for the next scrape: the data that was just stored is safe.
void DataRetention::sweep() {
  if (bytes_max_ == 0) return;
  const auto keys = bucket_.keys();
  if (!keys) return log_warning("stored data cannot be counted", {{"why", keys.error().text()}});
  std::vector<Held> all;
  std::uint64_t bytes = 0;
  for (const auto& key : *keys) {
    if (!key.starts_with(kPrefix)) continue;
    const auto entry = bucket_.get(key);
    if (!entry || !*entry) continue;
    auto stored = parse(**entry);
    if (!stored || !stored->has_data()) continue;
    bytes += stored->data().bytes();
    all.push_back({.key = key, .stored = *std::move(stored), .revision = (*entry)->revision});
  }
  std::ranges::sort(all, {}, [](const Held& one) { return from_proto(one.stored.used_at()); });
  for (auto& oldest : all) {
    if (bytes <= bytes_max_) return;
    const auto& jobs = oldest.stored.jobs();
    const bool open =
        std::ranges::any_of(jobs, [&](const auto& job) { return is_open(job, oldest.stored); });
    if (open) continue;
    const auto freed = oldest.stored.data().bytes();
    const auto removed = remove(oldest.key, std::move(oldest.stored), oldest.revision);
    if (removed) {
      bytes -= freed;
    } else if (!removed.error().is(errors::kConflict)) {
      log_warning("stored data cannot be removed", {{"why", removed.error().text()}});
    }
  }
}

// CONFLICT when a job has just begun to use it. What stays behind is a record without data, by
// compare-and-set: one that somebody has written meanwhile is theirs.
Result<void> DataRetention::remove(const std::string& key, v1::StoredData stored,
                                   std::uint64_t revision) {
  stored.set_removing(true);
  const auto marked = PODIUM_TRY(bucket_.update(key, stored.SerializeAsString(), revision));
  if (const auto removed = artifacts_.remove_content(stored.data().sha256()); !removed) {
    PODIUM_TRY(unmark(key, std::move(stored), marked));
    return removed;
  }
  log_info("data of a competition was removed, PODIUM_DATA_CACHE_BYTES is reached",
           {{"sha256", stored.data().sha256()}});
  v1::StoredData nothing;
  *nothing.mutable_used_at() = to_proto(std::chrono::system_clock::now());
  PODIUM_TRY(bucket_.update(key, nothing.SerializeAsString(), marked));
  return {};
}

// A job of which nothing is known is open: its search may not have begun. After some days there is
// none that could.
bool DataRetention::is_open(const std::string& job_id, const v1::StoredData& stored) {
  const auto ended = jobs_.has_ended(job_id);
  if (ended && *ended) return !**ended;
  return !ended || std::chrono::system_clock::now() - from_proto(stored.used_at()) < kJobAgeMax;
}

void DataRetention::forget_ended_jobs(v1::StoredData& stored) {
  std::vector<std::string> open;
  for (const auto& job : stored.jobs()) {
    if (is_open(job, stored)) open.push_back(job);
  }
  stored.mutable_jobs()->Assign(open.begin(), open.end());
}

}  // namespace podium::scraper
