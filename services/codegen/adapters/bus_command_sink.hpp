// CommandSink on the bus. Thread-safe, as Bus and EventPublisher are, which must outlive it.
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

}  // namespace podium::codegen
