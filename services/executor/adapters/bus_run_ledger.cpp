#include "services/executor/adapters/bus_run_ledger.hpp"

#include "libs/chassis/streams.hpp"
#include "podium/v1/search.pb.h"

namespace podium::executor {

BusRunLedger::BusRunLedger(Bus& bus, KeyValue& searches, EventPublisher& publisher)
    : bus_{bus}, searches_{searches}, publisher_{publisher} {}

Result<bool> BusRunLedger::is_executed(std::string_view job_id, std::string_view run_id) {
  v1::Event event;
  event.set_job_id(std::string{job_id});
  event.set_subject_id(std::string{run_id});
  event.mutable_executed();
  const auto subject = PODIUM_TRY(subject_of(event));
  return PODIUM_TRY(bus_.last_message(streams::kJobs, subject)).has_value();
}

Result<JobState> BusRunLedger::job_state(std::string_view job_id) {
  const auto found = PODIUM_TRY(searches_.get(job_id));
  if (!found || found->deleted) return JobState::open;
  return read_job_state(found->value);
}

Result<void> BusRunLedger::publish(const v1::Event& event, std::string_view parent) {
  PODIUM_TRY(publisher_.publish(event, parent));
  return {};
}

Result<void> BusRunLedger::publish_quietly(const v1::Event& event) {
  PODIUM_TRY(publisher_.publish_as_is(event));
  return {};
}

Result<JobState> read_job_state(std::string_view value) {
  v1::SearchState state;
  if (!state.ParseFromString(std::string{value})) {
    return fail(errors::kInternal, "the state of a search cannot be read");
  }
  if (state.phase() == v1::SEARCH_PHASE_ENDED) return JobState::ended;
  return state.cancelled() ? JobState::cancelled : JobState::open;
}

}  // namespace podium::executor
