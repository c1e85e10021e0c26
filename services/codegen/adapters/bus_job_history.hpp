// JobHistory on the bus: an ordered consumer on the job's subjects of stream JOBS. Thread-safe, as
// Bus is, which must outlive it.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "services/codegen/report_stage.hpp"

namespace podium::codegen {

class BusJobHistory final : public JobHistory {
 public:
  explicit BusJobHistory(Bus& bus);
  Result<Told> read(std::string_view job_id, std::uint64_t last_sequence,
                    std::stop_token stop) override;

 private:
  Bus& bus_;
};

}  // namespace podium::codegen
