// CommandSink and DraftLog on the bus, and the system's clock.
#pragma once

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class BusCommandSink final : public CommandSink {
 public:
  BusCommandSink(Bus& bus, EventPublisher& publisher);
  Result<void> publish(const v1::Event& event) override;
  Result<void> remove_ticket(std::uint64_t sequence) override;

 private:
  Bus& bus_;
  EventPublisher& publisher_;
};

class BusDraftLog final : public DraftLog {
 public:
  explicit BusDraftLog(Bus& bus);
  Result<bool> drafted(std::string_view job_id, std::string_view candidate_id) override;

 private:
  Bus& bus_;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() override { return std::chrono::system_clock::now(); }
};

}  // namespace podium::codegen
