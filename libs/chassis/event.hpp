// What is done to every event alike, whatever it says: its name, its subject, its headers. Knows
// the envelope podium.v1.Event and the marks of schemas/podium/v1/options.proto, no payload. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"

namespace podium {

using Events = std::vector<v1::Event>;

/// The payload's field name: "requested", "draft_requested" ...; empty when no payload is set.
std::string event_name(const v1::Event& event);

/// The subject an event is published on: `podium.jobs.<job>.<name>[.<subject_id>]`; payloads with
/// option `subject_prefix` go to `<prefix>.<job>.<subject_id>`, run tickets to
/// `podium.runs.<class>.<band>.<run>` (their subject_id is "<class>.<band>.<run>", each token an
/// id). INVALID when the job id or a token is not an id.
Result<std::string> subject_of(const v1::Event& event);

/// The subject with ids replaced by their role, for span names: `podium.jobs.{job}.drafted.{id}`.
std::string subject_template(const v1::Event& event);

/// Subjects to listen to or to read by; nothing is checked, so ids must be ids.
/// Every event of a job: `podium.jobs.<job>.>`.
std::string job_subjects(std::string_view job);
/// Every event of every job: `podium.jobs.>`.
std::string all_job_subjects();
/// One kind of event, of every job: `podium.jobs.*.<name>`.
std::string subjects_of_event(std::string_view name);
/// The lines of one run: `podium.logs.<job>.<run>`.
std::string log_subject(std::string_view job, std::string_view run);
/// The lines of every run of a job: `podium.logs.<job>.>`.
std::string log_subjects(std::string_view job);
/// The ticket of a tenant's open job: `podium.tickets.<tenant>`.
std::string ticket_subject(std::string_view tenant);
/// Every ticket: `podium.tickets.*`.
std::string all_ticket_subjects();

/// The job in a subject `podium.jobs.<job>.<name>...`, as a view into it; empty when there is none.
std::string_view job_of_subject(std::string_view subject);

/// True when the payload's message has option `once`: published expecting an empty subject.
bool happens_once(const v1::Event& event);

/// An event of `job` with id "<job>/<name>[/<subject_id>]/<attempt>", time now, and the cause's
/// job, tenant and trace. The payload must be set by the caller before it is published; `name` is
/// its field name.
v1::Event event_of(const v1::Event& cause, std::string_view name, std::string_view subject_id,
                   unsigned attempt = 1);

/// Decodes an envelope. INVALID when the bytes are not one or carry no known payload.
Result<v1::Event> parse_event(std::string_view bytes);

}  // namespace podium
