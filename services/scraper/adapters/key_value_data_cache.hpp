// DataCache on the key-value bucket `competition_data`: a claim for each competition, taken by
// compare-and-set and beaten for while it lasts, that turns into the record of what was found. A
// claim without a beat is taken over; whether it beats is told by its revision, not by clocks of
// other hosts. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "podium/v1/scrape.pb.h"
#include "services/scraper/adapters/data_retention.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// Wakes those that wait for a claim of this process, who else would find out at their next look.
/// Thread-safe.
class Changes {
 public:
  std::uint64_t newest();
  /// Of which one nobody knows: whoever waits looks.
  void tell();
  /// For one after `known`.
  void wait_for_one(std::uint64_t known, std::chrono::milliseconds time,
                    const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any told_;
  std::uint64_t newest_ = 0;  // guarded by mutex_
};

class KeyValueDataCache final : public DataCache {
 public:
  /// See DataRetention for `bytes_max`. What is given must outlive it.
  KeyValueDataCache(std::unique_ptr<KeyValue> bucket, ArtifactStore& artifacts, JobWatch& jobs,
                    std::uint64_t bytes_max, std::chrono::milliseconds grace = kClaimGrace);

  Result<std::unique_ptr<DataLease>> acquire(const DataOffer& offer, const std::string& job_id,
                                             const FetchControl& control) override;
  Result<bool> use(const v1::ArtifactRef& data, const std::string& job_id,
                   const std::stop_token& stop) override;
  Result<v1::ArtifactRef> store(const std::filesystem::path& tar, const std::string& job_id,
                                const FetchControl& control) override;

 private:
  /// What is known of just this offer, when all of it is still stored.
  Result<std::optional<v1::Scraped>> known(const v1::CompetitionData& record,
                                           const DataOffer& offer, const std::string& job_id,
                                           const FetchControl& control);
  /// The claim, or nothing when somebody else was faster.
  Result<std::unique_ptr<DataLease>> take(const std::string& key, v1::CompetitionData record,
                                          std::uint64_t revision, const DataOffer& offer);

  std::unique_ptr<KeyValue> bucket_;
  ArtifactStore& artifacts_;
  DataRetention retention_;
  const std::chrono::milliseconds grace_;
  /// Names this process, and no other one ever.
  const std::string holder_;
  std::atomic<std::uint64_t> takings_ = 0;
  Changes changes_;
};

}  // namespace podium::scraper
