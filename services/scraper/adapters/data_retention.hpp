// How long the data of competitions is kept: each tar has a record in the bucket `competition_data`
// that names the jobs which work with it. When all of them together are more than the limit, those
// that were used longest ago go, never one of an open job. Safe with any number of scrapers: a tar
// is removed only after its record was marked by compare-and-set, and a job that finds the mark
// stores the data anew. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "podium/v1/scrape.pb.h"
#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class DataRetention {
 public:
  /// `bytes_max` 0 keeps everything. What is given must outlive it.
  DataRetention(KeyValue& bucket, ArtifactStore& artifacts, JobWatch& jobs, std::uint64_t bytes_max,
                std::chrono::milliseconds removal_grace = kRemovalGrace)
      : bucket_{bucket},
        artifacts_{artifacts},
        jobs_{jobs},
        bytes_max_{bytes_max},
        removal_grace_{removal_grace} {}

  /// Stores a tar and notes the job; then removes what is too much. UNAVAILABLE, STOPPED. Safe to
  /// repeat.
  Result<v1::ArtifactRef> store(const std::filesystem::path& tar, const std::string& job_id,
                                const std::stop_token& stop);
  /// Notes that a job works with stored data; false when it is not there (any more).
  Result<bool> use(const v1::ArtifactRef& data, const std::string& job_id,
                   const std::stop_token& stop);

 private:
  struct Held;
  class Waiting;
  /// Jobs that note the same data at once are one update: each by itself would be a
  /// compare-and-set that fails for all others.
  Result<void> note(const v1::ArtifactRef& data, const std::string& job_id,
                    const std::stop_token& stop);
  /// Waits until whoever removes the data has done so; takes their mark away when they are gone.
  Result<void> await_removal(const std::string& key, v1::StoredData stored, std::uint64_t revision,
                             const std::stop_token& stop);
  Result<void> unmark(const std::string& key, v1::StoredData stored, std::uint64_t revision);
  Result<bool> is_stored(const v1::ArtifactRef& data);
  void sweep();
  Result<void> remove(const std::string& key, v1::StoredData stored, std::uint64_t revision);
  bool is_open(const std::string& job_id, const v1::StoredData& stored);
  void forget_ended_jobs(v1::StoredData& stored);

  KeyValue& bucket_;
  ArtifactStore& artifacts_;
  JobWatch& jobs_;
  std::uint64_t bytes_max_;
  std::chrono::milliseconds removal_grace_;
  /// Held by the one that updates.
  std::mutex noting_;
  std::mutex waiting_mutex_;
  /// Jobs that are not noted yet, by the data's key.
  std::map<std::string, std::set<std::string>> waiting_;  // guarded by waiting_mutex_
};

}  // namespace podium::scraper
