#include "services/gateway/system_routes.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/version.hpp"
#include "services/gateway/answers.hpp"

namespace podium::gateway {
namespace {

using Json = nlohmann::ordered_json;

Result<std::string> read_description(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) {
    return fail(podium::errors::kConfiguration, "PODIUM_SCHEMAS: cannot read " + file.string());
  }
  return std::string{std::istreambuf_iterator<char>{stream}, {}};
}

std::string_view word(bool up) {
  return up ? "up" : "down";
}

/// For people and for the clients of the ancestors. It is healthy as long as jobs are accepted,
/// which needs the bus; the rest says what is degraded.
HttpResponse health(const SystemRoutes& routes) {
  const bool bus_up = routes.bus.connected();
  const auto queued = routes.views.queued_jobs();
  const auto executors = routes.capacity.executors();
  const bool all_up = bus_up && queued && routes.hub.following();
  Json services{{"gateway", "up"},
                {"nats", word(bus_up)},
                {"postgres", word(queued.has_value())},
                {"events", word(routes.hub.following())},
                {"executors", word(!executors.empty())}};
  const Json body{
      {"status", !bus_up  ? "unhealthy"
                 : all_up ? "healthy"
                          : "degraded"},
      {"timestamp", rfc3339(std::chrono::system_clock::now())},
      {"version", version()},
      {"services", std::move(services)},
      {"executors", executors.size()},
      {"queue_length", queued ? Json(*queued) : Json(nullptr)},
  };
  return answer(bus_up ? 200 : 503, body.dump() + "\n");
}

HttpServer::Handler constant(std::string content_type, std::string body) {
  return [content_type = std::move(content_type), body = std::move(body)](const HttpRequest&) {
    return answer(200, body, content_type);
  };
}

}  // namespace

Result<void> add_system_routes(HttpServer& server, const SystemRoutes& routes) {
  auto openapi = PODIUM_TRY(read_description(routes.schemas_folder / "openapi.yaml"));
  auto asyncapi = PODIUM_TRY(read_description(routes.schemas_folder / "asyncapi.yaml"));
  server.route("GET", "/openapi.yaml", constant("application/yaml", std::move(openapi)));
  server.route("GET", "/asyncapi.yaml", constant("application/yaml", std::move(asyncapi)));
  server.route("GET", "/health", [routes](const HttpRequest&) { return health(routes); });
  server.route("GET", "/livez", constant("text/plain; charset=utf-8", "ok\n"));
  server.route("GET", "/readyz", [routes](const HttpRequest&) { return routes.readiness(); });
  server.route("GET", "/metrics", [](const HttpRequest&) {
    return answer(200, metrics_text(), "text/plain; version=0.0.4; charset=utf-8");
  });
  return {};
}

}  // namespace podium::gateway
