// JobRequests on the bus: one direct get.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "services/notifier/ports.hpp"

namespace podium::notifier {

class BusJobRequests final : public JobRequests {
 public:
  explicit BusJobRequests(Bus& bus) : bus_{bus} {}
  Result<std::optional<v1::Event>> find(std::string_view job_id) override;

 private:
  Bus& bus_;
};

}  // namespace podium::notifier
