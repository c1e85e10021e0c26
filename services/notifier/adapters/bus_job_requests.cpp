#include "services/notifier/adapters/bus_job_requests.hpp"

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::notifier {

Result<std::optional<v1::Event>> BusJobRequests::find(std::string_view job_id) {
  v1::Event wanted;
  wanted.set_job_id(std::string{job_id});
  wanted.mutable_requested();
  const auto subject = PODIUM_TRY(subject_of(wanted));
  const auto stored = PODIUM_TRY(bus_.last_message(streams::kJobs, subject));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(parse_event(stored->data));
}

}  // namespace podium::notifier
