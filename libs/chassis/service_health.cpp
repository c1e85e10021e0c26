#include "libs/chassis/service_health.hpp"

#include <exception>
#include <nlohmann/json.hpp>

#include "libs/chassis/metrics.hpp"

namespace podium {
namespace {

constexpr std::int64_t kHealthPort = 9090;
constexpr std::int64_t kPortMax = 65'535;
/// Probes and scrapers; never many at once.
constexpr int kHealthRequests = 4;
constexpr int kUnavailableStatus = 503;

Result<void> run(const ServiceHealth::Check& check) {
  try {
    return check();
  } catch (const std::exception& error) {
    return fail(errors::kInternal, error.what());
  }
}

}  // namespace

void ServiceHealth::add_check(std::string name, Check check) {
  const std::scoped_lock lock{mutex_};
  checks_.emplace_back(std::move(name), std::move(check));
}

void ServiceHealth::set_draining() {
  draining_ = true;
  credentials_.stop();
}

HttpResponse ServiceHealth::report() {
  std::vector<std::pair<std::string, Check>> checks;
  {
    const std::scoped_lock lock{mutex_};
    checks = checks_;
  }
  bool ready = true;
  auto list = nlohmann::ordered_json::array();
  for (const auto& [name, check] : checks) {
    const Result<void> result = run(check);
    ready = ready && result.has_value();
    nlohmann::ordered_json entry{{"name", name}, {"ok", result.has_value()}};
    if (!result) entry["detail"] = result.error().text();
    list.push_back(std::move(entry));
  }
  const bool draining = draining_;
  nlohmann::ordered_json body;
  body["service"] = service_;
  body["status"] = draining ? "draining" : ready ? "ready" : "not_ready";
  body["checks"] = std::move(list);
  HttpResponse response;
  response.status = ready && !draining ? 200 : kUnavailableStatus;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body =
      body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  return response;
}

HttpServerOptions read_health_options(Environment& environment) {
  HttpServerOptions options;
  options.host = environment.text("PODIUM_HEALTH_HOST", "127.0.0.1");
  options.port =
      static_cast<int>(environment.integer("PODIUM_HEALTH_PORT", kHealthPort, 0, kPortMax));
  options.requests_max = kHealthRequests;
  options.streams_max = 0;
  return options;
}

void add_health_routes(HttpServer& server, ServiceHealth& health) {
  server.route("GET", "/livez",
               [](const HttpRequest&) { return HttpResponse{.body = "{\"status\":\"alive\"}\n"}; });
  server.route("GET", "/readyz", [&health](const HttpRequest&) { return health.report(); });
  server.route("GET", "/credentials", [&health](const HttpRequest&) {
    return health.credentials().report(health.service());
  });
  server.route("GET", "/metrics", [](const HttpRequest&) {
    return HttpResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                        .body = metrics_text()};
  });
}

}  // namespace podium
