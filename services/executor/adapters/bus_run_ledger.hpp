// The ledger of runs on the bus: direct gets of stream JOBS, the bucket `searches`, events.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class BusRunLedger : public RunLedger {
 public:
  /// All must outlive the ledger; `searches` is the bucket of that name.
  BusRunLedger(Bus& bus, KeyValue& searches, EventPublisher& publisher);

  Result<bool> is_executed(std::string_view job_id, std::string_view run_id) override;
  Result<JobState> job_state(std::string_view job_id) override;
  Result<void> publish(const v1::Event& event, std::string_view parent) override;
  Result<void> publish_quietly(const v1::Event& event) override;

 private:
  Bus& bus_;
  KeyValue& searches_;
  EventPublisher& publisher_;
};

/// The job's state in a value of the bucket `searches`.
Result<JobState> read_job_state(std::string_view value);

}  // namespace podium::executor
