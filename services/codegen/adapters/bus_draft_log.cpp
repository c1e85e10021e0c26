#include "services/codegen/adapters/bus_draft_log.hpp"

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::codegen {

BusDraftLog::BusDraftLog(Bus& bus) : bus_{bus} {}

Result<bool> BusDraftLog::drafted(std::string_view job_id, std::string_view candidate_id) {
  v1::Event event;
  event.set_job_id(std::string{job_id});
  event.set_subject_id(std::string{candidate_id});
  event.mutable_drafted();
  const auto subject = PODIUM_TRY(subject_of(event));
  return PODIUM_TRY(bus_.last_message(streams::kJobs, subject)).has_value();
}

Result<bool> BusDraftLog::ended(std::string_view job_id) {
  v1::Event event;
  event.set_job_id(std::string{job_id});
  event.mutable_ended();
  const auto subject = PODIUM_TRY(subject_of(event));
  return PODIUM_TRY(bus_.last_message(streams::kJobs, subject)).has_value();
}

}  // namespace podium::codegen
