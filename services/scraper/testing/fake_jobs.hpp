// For tests: what is known of jobs, as a test says.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "services/scraper/ports.hpp"

namespace podium::scraper::testing {

class FakeJobs final : public JobWatch {
 public:
  bool is_over(std::string_view) override { return asked++ >= over_after; }
  Result<bool> is_scraped(const v1::Event&) override { return scraped; }
  Result<std::optional<bool>> has_ended(std::string_view job_id) override {
    const std::scoped_lock lock{mutex};
    if (unknown.contains(job_id)) return std::nullopt;
    return ended.contains(job_id);
  }
  Result<std::optional<v1::Scraped>> scraped_of(const std::string& job_id) override {
    const auto found = earlier.find(job_id);
    return found == earlier.end() ? std::nullopt : std::optional{found->second};
  }

  std::atomic<int> asked = 0;
  int over_after = 1'000'000'000;
  bool scraped = false;
  std::map<std::string, v1::Scraped> earlier;
  std::mutex mutex;
  std::set<std::string, std::less<>> ended;
  std::set<std::string, std::less<>> unknown;
};

}  // namespace podium::scraper::testing
