// JobWatch on the bus: cancellations and ends as they come, and the search's state for what came
// before.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "services/scraper/adapters/bus_job_events.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class BusJobWatch final : public JobWatch {
 public:
  /// Jobs that are remembered to be over; older ones are told by their state.
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
  void remember(const std::string& job_id);
  bool is_remembered(std::string_view job_id);

  BusJobEvents events_;
  std::unique_ptr<KeyValue> searches_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> over_;       // guarded by mutex_
  std::set<std::string, std::less<>> looked_at_;  // guarded by mutex_
  /// Last, so that no message comes once the rest is gone.
  std::vector<std::unique_ptr<Subscription>> heard_;
};

}  // namespace podium::scraper
