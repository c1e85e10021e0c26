#include "services/scraper/adapters/bus_job_events.hpp"

#include <google/protobuf/descriptor.h>

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::scraper {

Result<std::optional<v1::Event>> BusJobEvents::last(const std::string& job_id,
                                                    std::string_view name) {
  v1::Event wanted;
  wanted.set_job_id(job_id);
  const auto* const field = v1::Event::descriptor()->FindFieldByName(std::string{name});
  if (field == nullptr || field->containing_oneof() == nullptr) {
    return fail(errors::kInternal, "no event is called " + std::string{name});
  }
  v1::Event::GetReflection()->MutableMessage(&wanted, field);
  const auto subject = PODIUM_TRY(subject_of(wanted));
  const auto stored = PODIUM_TRY(bus_.last_message(streams::kJobs, subject));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(parse_event(stored->data));
}

}  // namespace podium::scraper
