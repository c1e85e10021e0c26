// JobEvents by direct gets from stream JOBS, 0.1 ms each. Thread-safe.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

class BusJobEvents final : public JobEvents {
 public:
  explicit BusJobEvents(Bus& bus) : bus_{bus} {}
  Result<std::optional<v1::Event>> last(const std::string& job_id, std::string_view name) override;

 private:
  Bus& bus_;
};

}  // namespace podium::scraper
