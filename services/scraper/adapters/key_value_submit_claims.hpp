// SubmitClaims on the key-value bucket `submit_claims`. Thread-safe, as KeyValue is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/clock.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

class KeyValueSubmitClaims final : public SubmitClaims {
 public:
  /// `holder` names this process, for people who look into the bucket.
  KeyValueSubmitClaims(std::unique_ptr<KeyValue> bucket, std::string holder,
                       std::function<TimePoint()> now);

  Result<bool> take(const std::string& job_id) override;
  Result<void> release(const std::string& job_id) override;

 private:
  std::unique_ptr<KeyValue> bucket_;
  std::string holder_;
  std::function<TimePoint()> now_;
};

}  // namespace podium::scraper
