#include "services/gateway/job_directory.hpp"

#include <algorithm>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/streams.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/errors.hpp"

namespace podium::gateway {
namespace {

/// A wait looks again after so long even if it heard nothing: the hub may have been away.
constexpr std::chrono::seconds kLookAgain{2};

}  // namespace

JobDirectory::JobDirectory(JobViews& views, Bus& bus, KeyValue& searches, TicketKeeper& tickets,
                           EventsHub& hub)
    : views_{views}, bus_{bus}, searches_{searches}, tickets_{tickets}, hub_{hub} {}

Result<JobFacts> JobDirectory::find(std::string_view job_id, std::string_view tenant) {
  if (!is_uuid(job_id)) return fail(errors::kJobUnknown, "a job's id is a UUID in lower case");
  auto found = PODIUM_TRY(find_anywhere(job_id));
  if (!found || (!tenant.empty() && found->tenant != tenant)) {
    return fail(errors::kJobUnknown, "no job has the id " + std::string{job_id});
  }
  return *std::move(found);
}

Result<JobFacts> JobDirectory::find_ended(std::string_view job_id, std::string_view tenant,
                                          EventsHub::Clock::time_point deadline) {
  const EventFilter filter{.job_id = std::string{job_id}, .tenant = {}};
  auto position = hub_.newest();
  while (true) {
    auto facts = PODIUM_TRY(find(job_id, tenant));
    const auto now = EventsHub::Clock::now();
    if (facts.ended() || now >= deadline) return facts;
    const auto look_again = std::min(deadline, now + kLookAgain);
    bool ended = false;
    while (!ended && EventsHub::Clock::now() < look_again) {
      const auto batch = hub_.wait(position, filter, look_again);
      if (batch.closed) return facts;
      position = batch.position;
      ended = std::ranges::any_of(batch.events,
                                  [](const auto& event) { return event->name == "ended"; });
    }
  }
}

// The projection knows most; the bus knows first. While the database is away, a job that the bus
// does not know either may still be an old one: then nothing can be said.
Result<std::optional<JobFacts>> JobDirectory::find_anywhere(std::string_view job_id) {
  auto row = views_.find(job_id);
  if (row && *row) {
    // Without the broker the row is the best there is.
    if (!(*row)->ended()) static_cast<void>(apply_end_on_bus(**row));
    return row;
  }
  auto on_bus = PODIUM_TRY(find_on_bus(job_id));
  if (!on_bus && !row) return std::unexpected{row.error()};
  return on_bus;
}

Result<std::optional<JobFacts>> JobDirectory::find_on_bus(std::string_view job_id) {
  std::optional<JobFacts> facts;
  const auto entry = PODIUM_TRY(searches_.get(job_id));
  v1::SearchState state;
  if (entry && !entry->deleted && state.ParseFromString(entry->value)) {
    facts = facts_of_state(state);
  } else if (const auto requested = PODIUM_TRY(find_requested(bus_, job_id))) {
    facts = facts_of_requested(*requested);
  } else if (const auto ticket = PODIUM_TRY(tickets_.find_pending(job_id))) {
    facts = facts_of_requested(*ticket);
  }
  if (facts) PODIUM_TRY(apply_end_on_bus(*facts));
  return facts;
}

Result<void> JobDirectory::apply_end_on_bus(JobFacts& facts) {
  v1::Event wanted;
  wanted.set_job_id(facts.job_id);
  wanted.mutable_ended();
  const auto subject = PODIUM_TRY(subject_of(wanted));
  const auto stored = PODIUM_TRY(bus_.last_message(streams::kJobs, subject));
  if (!stored) return {};
  const v1::Event event = PODIUM_TRY(parse_event(stored->data));
  apply_ended(event.ended(), rfc3339(from_proto(event.time())), facts);
  return {};
}

}  // namespace podium::gateway
