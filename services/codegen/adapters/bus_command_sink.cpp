#include "services/codegen/adapters/bus_command_sink.hpp"

#include "libs/chassis/event.hpp"

namespace podium::codegen {

BusCommandSink::BusCommandSink(Bus& bus, EventPublisher& publisher)
    : bus_{bus}, publisher_{publisher} {}

Result<void> BusCommandSink::publish(const v1::Event& event) {
  PODIUM_TRY(publisher_.publish_as_is(event));
  return {};
}

Result<void> BusCommandSink::remove_ticket(std::uint64_t sequence) {
  return bus_.delete_message("TICKETS", sequence);
}

BusDraftLog::BusDraftLog(Bus& bus) : bus_{bus} {}

Result<bool> BusDraftLog::drafted(std::string_view job_id, std::string_view candidate_id) {
  v1::Event event;
  event.set_job_id(std::string{job_id});
  event.set_subject_id(std::string{candidate_id});
  event.mutable_drafted();
  const auto subject = PODIUM_TRY(subject_of(event));
  return PODIUM_TRY(bus_.last_message("JOBS", subject)).has_value();
}

}  // namespace podium::codegen
