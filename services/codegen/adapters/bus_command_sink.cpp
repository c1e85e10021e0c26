#include "services/codegen/adapters/bus_command_sink.hpp"

#include "libs/chassis/streams.hpp"

namespace podium::codegen {

BusCommandSink::BusCommandSink(Bus& bus, EventPublisher& publisher)
    : bus_{bus}, publisher_{publisher} {}

Result<void> BusCommandSink::publish(const v1::Event& event) {
  PODIUM_TRY(publisher_.publish_as_is(event));
  return {};
}

Result<void> BusCommandSink::remove_ticket(std::uint64_t sequence) {
  return bus_.delete_message(streams::kTickets, sequence);
}

}  // namespace podium::codegen
