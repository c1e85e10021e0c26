// JobWatch on the bus: cancellations as they come, and the search's state for what came before.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class BusJobWatch final : public JobWatch {
 public:
  /// Jobs whose cancellation is remembered; older ones are told by their state.
  static constexpr std::size_t kRememberedMax = 10'000;

  static Result<std::unique_ptr<BusJobWatch>> open(Bus& bus);
  bool is_over(std::string_view job_id) override;
  /// One look at the search's state.
  Result<std::optional<bool>> has_ended(std::string_view job_id) override;
  /// One direct get of the subject of `scraped`.
  Result<bool> is_scraped(const v1::Event& requested) override;
  /// The same, of another job.
  Result<std::optional<v1::Scraped>> scraped_of(const std::string& job_id) override;

 private:
  BusJobWatch(Bus& bus, std::unique_ptr<KeyValue> searches);
  Result<std::optional<StoredMessage>> find_scraped(const std::string& job_id);
  void remember(const std::string& job_id);
  bool is_remembered(std::string_view job_id);

  Bus& bus_;
  std::unique_ptr<KeyValue> searches_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> cancelled_;  // guarded by mutex_
  std::set<std::string, std::less<>> looked_at_;  // guarded by mutex_
  /// Last, so that no message comes once the rest is gone.
  std::unique_ptr<Subscription> cancellations_;
};

}  // namespace podium::scraper
