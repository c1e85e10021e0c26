#include "services/gateway/admission.hpp"

#include <chrono>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/streams.hpp"
#include "podium/v1/search.pb.h"
#include "services/gateway/errors.hpp"

namespace podium::gateway {
namespace {

constexpr Metric kAdmissions{"podium_admissions_total", "Requests for a job, by outcome."};

/// The `requested` event that a search's state still tells of, for keys used long ago.
v1::Event requested_from(const v1::SearchState& state) {
  v1::Event event;
  event.set_job_id(state.job_id());
  event.set_tenant(state.tenant());
  *event.mutable_time() = state.created_at();
  *event.mutable_trace() = state.trace();
  *event.mutable_requested() = state.request();
  return event;
}

Result<v1::Event> check_same_request(v1::Event earlier, std::string_view sha256) {
  if (earlier.requested().request_sha256() == sha256) return earlier;
  return fail(errors::kIdempotencyKeyReused,
              "the key belongs to job " + earlier.job_id() + ", which was asked differently");
}

}  // namespace

std::string job_id_of(std::string_view tenant, std::string_view idempotency_key) {
  return uuid_v8_of(std::string{tenant} + '\0' + std::string{idempotency_key});
}

v1::Event requested_event(const RunRequest& request, std::string_view job_id,
                          std::string_view tenant, std::string_view traceparent) {
  v1::Event cause;
  cause.set_job_id(std::string{job_id});
  cause.set_tenant(std::string{tenant});
  cause.mutable_trace()->set_traceparent(std::string{traceparent});
  v1::Event event = event_of(cause, "requested", "");
  event.set_producer("gateway");
  v1::Requested& requested = *event.mutable_requested();
  *requested.mutable_competition() = request.competition;
  *requested.mutable_options() = request.options;
  *requested.mutable_created_at() = event.time();
  requested.set_request_sha256(request.sha256);
  requested.set_idempotency_key(request.idempotency_key);
  for (const std::string& warning : request.warnings) requested.add_warnings(warning);
  requested.set_retried_from(request.retried_from);
  requested.set_from_stage(request.from_stage);
  return event;
}

std::string ticket_message_id(const v1::Event& requested) {
  return requested.job_id() + "/ticket";
}

Result<std::optional<v1::Event>> find_requested(Bus& bus, std::string_view job_id) {
  v1::Event wanted;
  wanted.set_job_id(std::string{job_id});
  wanted.mutable_requested();
  const auto subject = PODIUM_TRY(subject_of(wanted));
  const auto stored = PODIUM_TRY(bus.last_message(streams::kJobs, subject));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(parse_event(stored->data));
}

Admission::Admission(Bus& bus, EventPublisher& publisher, KeyValue& searches)
    : bus_{bus}, publisher_{publisher}, searches_{searches} {}

Result<v1::Event> Admission::admit(const RunRequest& request, std::string_view tenant,
                                   std::string_view traceparent) {
  const bool has_key = !request.idempotency_key.empty();
  const std::string job_id = has_key ? job_id_of(tenant, request.idempotency_key)
                                     : new_uuid_v7(std::chrono::system_clock::now());
  v1::Event requested = requested_event(request, job_id, tenant, traceparent);
  if (has_key) {
    auto earlier = PODIUM_TRY(find_earlier(job_id));
    if (earlier) return check_same_request(*std::move(earlier), request.sha256);
  }

  PublishOptions once;
  once.message_id = ticket_message_id(requested);
  const auto ticket =
      bus_.publish(ticket_subject(requested.tenant()), requested.SerializeAsString(), once);
  if (!ticket) {
    if (!ticket.error().is(podium::errors::kFull)) return std::unexpected{ticket.error()};
    count(kAdmissions, {{"outcome", "refused"}});
    return fail(errors::kTooManyJobs, "the limit of open jobs is reached");
  }
  requested.mutable_requested()->set_ticket_sequence(ticket->sequence);
  const v1::Event stored = PODIUM_TRY(publish_requested(std::move(requested), traceparent));
  count(kAdmissions, {{"outcome", "accepted"}});
  return check_same_request(stored, request.sha256);
}

// First on the bus, where almost every repeat finds it; then in the state, which outlives the bus.
Result<std::optional<v1::Event>> Admission::find_earlier(std::string_view job_id) {
  auto on_bus = PODIUM_TRY(find_requested(bus_, job_id));
  if (on_bus) return on_bus;
  const auto entry = PODIUM_TRY(searches_.get(job_id));
  v1::SearchState state;
  if (!entry || entry->deleted || !state.ParseFromString(entry->value)) return std::nullopt;
  return requested_from(state);
}

// From here on the job is accepted, whatever happens: its ticket stands. So a broker that does not
// answer now is no reason to refuse; TicketKeeper publishes what is still missing.
Result<v1::Event> Admission::publish_requested(v1::Event requested, std::string_view traceparent) {
  const std::uint64_t ticket = requested.requested().ticket_sequence();
  const auto published = publisher_.publish(requested, traceparent);
  if (!published && published.error().is(podium::errors::kFull)) {
    PODIUM_TRY(bus_.delete_message(streams::kTickets, ticket));
    return fail(podium::errors::kUnavailable, "the store of events is full");
  }
  if (!published) {
    log_warning("requested not published yet; its ticket stands",
                {{"job_id", requested.job_id()}, {"error", published.error().text()}});
    return requested;
  }
  if (!published->duplicate) return requested;

  // Somebody was faster: a gateway with the same key, or the keeper with our own ticket.
  auto stored = PODIUM_TRY(find_requested(bus_, requested.job_id()));
  if (!stored) return requested;
  if (stored->requested().ticket_sequence() != ticket) {
    PODIUM_TRY(bus_.delete_message(streams::kTickets, ticket));
  }
  return *std::move(stored);
}

}  // namespace podium::gateway
