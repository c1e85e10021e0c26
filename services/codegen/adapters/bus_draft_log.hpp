// DraftLog on the bus: a candidate is drafted when stream JOBS has its event. Thread-safe, as Bus
// is, which must outlive it.
#pragma once

#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class BusDraftLog final : public DraftLog {
 public:
  explicit BusDraftLog(Bus& bus);
  Result<bool> drafted(std::string_view job_id, std::string_view candidate_id) override;
  Result<bool> ended(std::string_view job_id) override;

 private:
  Bus& bus_;
};

}  // namespace podium::codegen
