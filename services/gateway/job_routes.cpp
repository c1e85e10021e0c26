#include "services/gateway/job_routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/streams.hpp"
#include "libs/chassis/utf8.hpp"
#include "libs/competition/text.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/job_files.hpp"

namespace podium::gateway {
namespace {

constexpr std::array<std::string_view, 6> kStatusWords{"queued", "running", "success",
                                                       "failed", "timeout", "cancelled"};

Result<JobFacts> find_job(const JobRoutes& routes, const HttpRequest& request) {
  return routes.directory.find(request.parameters.at("id"), routes.access.caller_of(request).sees);
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A JSON answer with an ETag over its bytes; the server turns it into 304 when the client has it.
HttpResponse tagged(std::string body) {
  const std::string tag = "\"" + sha256_hex(body).substr(0, 32) + "\"";
  HttpResponse response = answer(200, std::move(body));
  response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
  return response;
}

/// The answer is held back until the job has ended or `wait` is over. It streams, because it keeps
/// its thread for long.
HttpResponse status_later(const JobRoutes& routes, const HttpRequest& request,
                          std::chrono::milliseconds wait) {
  const auto deadline =
      EventsHub::Clock::now() + std::min<std::chrono::milliseconds>(wait, kWaitMax);
  HttpResponse response;
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.stream = [routes, deadline, request](const HttpSink& sink) {
    const auto facts = routes.directory.find_ended(request.parameters.at("id"),
                                                   routes.access.caller_of(request).sees, deadline);
    sink(facts ? status_json(*facts, routes.json) : problem(facts.error()).body);
  };
  return response;
}

HttpResponse get_status(const JobRoutes& routes, const HttpRequest& request) {
  const auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  if (const auto text = request.query_value("wait")) {
    const auto wait = parse_duration(*text);
    if (!wait) return wrong_query("wait", "must be a duration such as 30s");
    if (!facts->ended() && wait->count() > 0) return status_later(routes, request, *wait);
  }
  return tagged(status_json(*facts, routes.json));
}

std::optional<HttpResponse> read_filter(const HttpRequest& request, JobFilter& filter) {
  filter.status =
      request.query_value("status").value_or(request.query_value("status_filter").value_or(""));
  if (!filter.status.empty() && !std::ranges::contains(kStatusWords, filter.status)) {
    return wrong_query("status", "must be queued, running, success, failed, timeout or cancelled");
  }
  filter.competition = competition::lower(request.query_value("competition").value_or(""));
  if (!is_utf8(filter.competition) || filter.competition.contains('\0')) {
    return wrong_query("competition", "must be the name of a competition");
  }
  filter.id_prefix = request.query_value("prefix").value_or("");
  const auto is_id_part = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  };
  if (!std::ranges::all_of(filter.id_prefix, is_id_part)) {
    return wrong_query("prefix", "must be the beginning of a job's id");
  }
  filter.cursor = request.query_value("cursor").value_or("");
  if (const auto limit = request.query_value("limit")) {
    const auto number = number_of<std::int64_t>(*limit);
    if (!number || *number < 1) return wrong_query("limit", "must be a number from 1");
    filter.limit = std::min(*number, kJobsPageMax);
  }
  return std::nullopt;
}

HttpResponse list_jobs(const JobRoutes& routes, const HttpRequest& request) {
  JobFilter filter;
  filter.tenant = routes.access.caller_of(request).sees;
  if (auto refused = read_filter(request, filter)) return *std::move(refused);
  const auto page = routes.views.list(filter);
  if (!page) return problem(page.error());
  return tagged(jobs_json(*page, routes.json));
}

HttpResponse get_spending(const JobRoutes& routes, const HttpRequest& request) {
  const auto spending = routes.views.spending(routes.access.caller_of(request).sees);
  return spending ? tagged(spending_json(*spending)) : problem(spending.error());
}

HttpResponse get_job(const JobRoutes& routes, const HttpRequest& request) {
  const auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  const auto candidates = routes.views.candidates(facts->job_id);
  if (!candidates) return problem(candidates.error());
  const auto runs = routes.views.runs(facts->job_id);
  if (!runs) return problem(runs.error());
  auto artifacts = routes.views.artifacts(facts->job_id);
  if (!artifacts) return problem(artifacts.error());
  add_job_files(routes.artifacts, facts->job_id, *artifacts);
  return tagged(job_json(*facts, *candidates, *runs, *artifacts, routes.json));
}

/// Last-Event-ID of a client that comes back, else `?since=`.
std::optional<std::uint64_t> last_event_id(const HttpRequest& request) {
  const std::string header = request.header("last-event-id");
  return number_of<std::uint64_t>(!header.empty() ? header
                                                  : request.query_value("since").value_or(""));
}

HttpResponse event_stream(const JobRoutes& routes, EventFilter filter, std::uint64_t after) {
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.headers = {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}};
  response.stream = [routes, filter = std::move(filter), after](const HttpSink& sink) {
    routes.events.write(filter, after, sink);
  };
  return response;
}

HttpResponse stream_job_events(const JobRoutes& routes, const HttpRequest& request) {
  const auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  const auto after = last_event_id(request);
  const bool knows_all = after && facts->last_sequence > 0 && *after >= facts->last_sequence;
  if (facts->ended() && knows_all) return answer(204, "");  // tells an EventSource to stop
  return event_stream(routes, {.job_id = facts->job_id, .tenant = {}}, after.value_or(0));
}

HttpResponse stream_all_events(const JobRoutes& routes, const HttpRequest& request) {
  if (!routes.hub.following()) {
    return problem(Error{&podium::errors::kUnavailable, "events are not followed yet"});
  }
  const EventFilter filter{.job_id = {}, .tenant = routes.access.caller_of(request).sees};
  if (const auto after = last_event_id(request)) return event_stream(routes, filter, *after);
  // The broker's own count: the hub may be a few events behind it.
  const auto now = routes.bus.stream_state(streams::kJobs);
  if (!now) return problem(now.error());
  return event_stream(routes, filter, now->last_sequence);
}

HttpResponse follow_log(const JobRoutes& routes, const JobFacts& facts) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}};
  response.stream = [routes, facts](const HttpSink& sink) {
    const auto followed = routes.log.follow(facts, sink);
    if (!followed) sink("[the log ends here: " + followed.error().text() + "]\n");
  };
  return response;
}

HttpResponse whole_log(const JobRoutes& routes, const std::string& job_id) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.stream = [routes, job_id](const HttpSink& sink) {
    const auto written = routes.log.write(job_id, sink);
    if (!written) sink("[the log ends here: " + written.error().text() + "]\n");
  };
  return response;
}

HttpResponse get_logs(const JobRoutes& routes, const HttpRequest& request) {
  const auto facts = find_job(routes, request);
  if (!facts) return problem(facts.error());
  const std::string follow = request.query_value("follow").value_or("");
  if (follow == "1" || follow == "true") return follow_log(routes, *facts);
  if (request.header("accept").starts_with("text/plain")) return whole_log(routes, facts->job_id);

  std::string logs;
  const auto written = routes.log.write(facts->job_id, [&logs](std::string_view piece) {
    logs += piece;
    if (logs.size() > 2 * kLogAnswerBytesMax) logs.erase(0, logs.size() - kLogAnswerBytesMax);
    return true;
  });
  if (!written) return problem(written.error());
  if (logs.size() > kLogAnswerBytesMax) logs.erase(0, logs.size() - kLogAnswerBytesMax);
  return answer(200, logs_json(*facts, logs));
}

}  // namespace

void add_job_routes(HttpServer& server, const JobRoutes& routes) {
  const auto with = [&routes](auto handle) { return std::bind_front(handle, routes); };
  server.route("GET", "/status/{id}", with(get_status));
  server.route("GET", "/jobs", with(list_jobs));
  server.route("GET", "/spending", with(get_spending));
  server.route("GET", "/jobs/{id}", with(get_job));
  server.route("GET", "/jobs/{id}/events", with(stream_job_events));
  server.route("GET", "/events", with(stream_all_events));
  server.route("GET", "/logs/{id}", with(get_logs));
}

}  // namespace podium::gateway
