#include "services/gateway/steer_routes.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/errors.hpp"
#include "services/gateway/steering.hpp"

namespace podium::gateway {
namespace {

constexpr std::size_t kReasonBytesMax = 200;

Result<JobFacts> find_job(const SteerRoutes& routes, const HttpRequest& request) {
  return routes.directory.find(request.parameters.at("id"), routes.access.caller_of(request).sees);
}

std::string reason_in(const std::string& body) {
  const auto document = nlohmann::json::parse(body, nullptr, false);
  if (!document.is_object() || !document.contains("reason")) return {};
  const auto& reason = document.at("reason");
  if (!reason.is_string()) return {};
  return competition::clean_text(reason.get<std::string>(), kReasonBytesMax);
}

/// The cause is the job's own request, so that what follows belongs to the job's trace.
Result<v1::Event> cause_of(const SteerRoutes& routes, const JobFacts& facts,
                           const HttpRequest& request) {
  auto requested = PODIUM_TRY(find_requested(routes.bus, facts.job_id));
  if (requested) return *std::move(requested);
  v1::Event cause;
  cause.set_job_id(facts.job_id);
  cause.set_tenant(facts.tenant);
  cause.mutable_trace()->set_traceparent(request.traceparent);
  return cause;
}

Result<void> publish_cancel(const SteerRoutes& routes, const JobFacts& facts,
                            const HttpRequest& request) {
  const auto cause = PODIUM_TRY(cause_of(routes, facts, request));
  v1::Event event = event_of(cause, "cancel_requested", "");
  event.mutable_cancel_requested()->set_who(routes.access.caller_of(request).tenant);
  event.mutable_cancel_requested()->set_reason(reason_in(request.body));
  PODIUM_TRY(routes.publisher.publish(std::move(event)));
  return {};
}

HttpResponse cancel_job(const SteerRoutes& routes, const HttpRequest& request) {
  auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  if (facts->status == "cancelled") return answer(200, status_json(*facts, routes.json));
  if (facts->ended()) {
    return problem(Error{&errors::kJobEnded, "the job has ended: " + facts->status});
  }
  const auto published = publish_cancel(routes, *facts, request);
  if (!published) return problem(published.error());
  facts->message = "The job is being cancelled; its best submission so far is kept.";
  return answer(202, status_json(*facts, routes.json));
}

Result<void> publish_hint(const SteerRoutes& routes, const JobFacts& facts,
                          const HttpRequest& request, const std::string& text) {
  const auto cause = PODIUM_TRY(cause_of(routes, facts, request));
  PODIUM_TRY(
      routes.publisher.publish(hinted_event(cause, routes.access.caller_of(request).tenant, text)));
  return {};
}

HttpResponse hint_job(const SteerRoutes& routes, const HttpRequest& request) {
  auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  const auto text = parse_hint(request.body);
  if (!text) return wrong_fields(text.error());
  if (facts->ended()) {
    return problem(Error{&errors::kJobEnded, "the job has ended: " + facts->status});
  }
  const auto published = publish_hint(routes, *facts, request, *text);
  if (!published) return problem(published.error());
  facts->message =
      "The hint is passed on to the search; candidates that are asked for from now on "
      "are written with it.";
  return answer(202, status_json(*facts, routes.json));
}

/// What the job was asked for: on the bus for as long as events are kept, then in the archive.
Result<v1::Event> find_request(const SteerRoutes& routes, const std::string& job_id) {
  if (auto requested = PODIUM_TRY(find_requested(routes.bus, job_id))) return *std::move(requested);
  const auto first = PODIUM_TRY(routes.views.events_after(job_id, 0, 1));
  if (!first.empty()) {
    auto event = PODIUM_TRY(parse_event(first.front().raw));
    if (event.has_requested()) return event;
  }
  return fail(errors::kJobUnknown, "what this job was asked for is no longer kept");
}

HttpResponse retry_job(const SteerRoutes& routes, const HttpRequest& request) {
  const auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  if (!facts->ended()) {
    return problem(Error{&errors::kJobNotFinished, "the job is " + facts->status +
                                                       "; only one that has ended is tried again"});
  }
  const auto requested = find_request(routes, facts->job_id);
  if (!requested) return problem(requested.error());
  auto again = parse_retry({.body = request.body,
                            .idempotency_key = request.header("idempotency-key"),
                            .sends_mail = routes.sends_mail},
                           *requested);
  if (!again) return wrong_fields(again.error());
  cut_to_capacity(routes.capacity.executors(), *again);
  const auto admitted =
      routes.admission.admit(*again, routes.access.caller_of(request).tenant, request.traceparent);
  if (!admitted) return problem(admitted.error());
  HttpResponse response = answer(201, retry_answer_json(*admitted, routes.json));
  response.headers.emplace_back("Location", "/status/" + admitted->job_id());
  return response;
}

/// The newest event of the job under the subject of this one.
Result<std::optional<StoredMessage>> newest_like(const SteerRoutes& routes,
                                                 const v1::Event& wanted) {
  return routes.bus.last_message(streams::kJobs, PODIUM_TRY(subject_of(wanted)));
}

/// Sequence of the newest failure to submit the job's file; 0 when there is none.
Result<std::uint64_t> newest_submit_failure(const SteerRoutes& routes, const std::string& job_id) {
  v1::Event wanted;
  wanted.set_job_id(job_id);
  wanted.mutable_submit_failed();
  const auto stored = PODIUM_TRY(newest_like(routes, wanted));
  return stored ? stored->sequence : 0;
}

Result<void> publish_submit(const SteerRoutes& routes, const JobFacts& facts,
                            const HttpRequest& request) {
  const auto cause = PODIUM_TRY(cause_of(routes, facts, request));
  const auto failures = PODIUM_TRY(newest_submit_failure(routes, facts.job_id));
  const auto asked =
      submit_requested_event(cause, routes.access.caller_of(request).tenant, failures);
  // The broker drops a repeat for two minutes; after that it is told here.
  const auto before = PODIUM_TRY(newest_like(routes, asked));
  v1::Event earlier;
  if (before && earlier.ParseFromString(before->data) && earlier.id() == asked.id()) return {};
  PODIUM_TRY(routes.publisher.publish(asked));
  return {};
}

/// Why the job's submission cannot be sent to Kaggle; nullopt when it can.
std::optional<Error> no_submitting(const JobFacts& facts) {
  const auto& source = facts.competition_source;
  if (source == "folder" || source == "catalogue") {
    return Error{&competition::reasons::kNotAtKaggle,
                 "the competition of this job comes from the " + source};
  }
  if (!facts.ended()) {
    return Error{&errors::kJobNotFinished,
                 "the job is " + facts.status +
                     "; its best submission can be sent once it has ended or is cancelled"};
  }
  if (facts.submission_key.empty()) {
    return Error{&errors::kJobWithoutResult, "the job ended without a checked submission"};
  }
  return std::nullopt;
}

HttpResponse submit_job(const SteerRoutes& routes, const HttpRequest& request) {
  auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  if (facts->leaderboard && facts->leaderboard->status == "scored") {
    return answer(200, status_json(*facts, routes.json));
  }
  if (const auto refused = no_submitting(*facts)) return problem(*refused);
  const auto published = publish_submit(routes, *facts, request);
  if (!published) return problem(published.error());
  facts->message = "The submission is being sent to Kaggle; GET /status/{id} shows its score.";
  return answer(202, status_json(*facts, routes.json));
}

}  // namespace

void add_steer_routes(HttpServer& server, const SteerRoutes& routes) {
  const auto with = [&routes](auto handle) { return std::bind_front(handle, routes); };
  server.route("DELETE", "/jobs/{id}", with(cancel_job));
  server.route("POST", "/jobs/{id}/cancel", with(cancel_job));
  server.route("POST", "/jobs/{id}/hint", with(hint_job));
  server.route("POST", "/jobs/{id}/retry", with(retry_job));
  server.route("POST", "/jobs/{id}/submit", with(submit_job));
}

}  // namespace podium::gateway
