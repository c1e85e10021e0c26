#include "services/gateway/run_routes.hpp"

#include "services/gateway/answers.hpp"

namespace podium::gateway {
namespace {

HttpResponse run(const RunRoutes& routes, const HttpRequest& request) {
  auto parsed = parse_run_request({.query = request.query,
                                   .body = request.body,
                                   .idempotency_key = request.header("idempotency-key"),
                                   .sends_mail = routes.sends_mail});
  if (!parsed) return wrong_fields(parsed.error());
  cut_to_capacity(routes.capacity.executors(), *parsed);
  const auto requested =
      routes.admission.admit(*parsed, routes.access.caller_of(request).tenant, request.traceparent);
  if (!requested) return problem(requested.error());

  HttpResponse response = answer(201, run_answer_json(*requested, routes.json));
  response.headers.emplace_back("Location", "/status/" + requested->job_id());
  return response;
}

}  // namespace

void add_run_routes(HttpServer& server, const RunRoutes& routes) {
  server.route("POST", "/run",
               [routes](const HttpRequest& request) { return run(routes, request); });
}

}  // namespace podium::gateway
