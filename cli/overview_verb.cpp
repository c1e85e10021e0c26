#include <format>
#include <nlohmann/json.hpp>

#include "cli/job_status.hpp"
#include "cli/verbs.hpp"
#include "cli/viewer_bus.hpp"

namespace podium::cli {
namespace {

Outcome<long> count_jobs(const GatewayClient& gateway, const std::string& status) {
  return gateway.get("/jobs?limit=1&status=" + status)
      .and_then(parse_job_list)
      .transform([](const JobList& list) { return list.total; });
}

}  // namespace

Outcome<Exit> show_overview(const Arguments& arguments, const World& world) {
  const auto health = world.gateway.get("/health");
  if (!health) return std::unexpected{health.error()};
  if (arguments.json) {
    world.console.out << trimmed(*health) << '\n';
    return Exit::ok;
  }
  const auto told = nlohmann::json::parse(*health, nullptr, false);
  const std::string state = told.is_object() ? told.value("status", "unknown") : "unknown";
  const auto line = [&](std::string_view name, const std::string& value) {
    world.console.out << std::format("  {:<9} {}\n", name, one_line(value));
  };
  // Where people reach them, when that is elsewhere than this program does.
  const auto gateway = world.environment.text("PODIUM_PUBLIC_URL", world.gateway.address().url);
  line("Gateway", gateway + ", " + state);
  const auto running = count_jobs(world.gateway, "running");
  const auto queued = count_jobs(world.gateway, "queued");
  line("Jobs", running && queued ? std::format("{} running, {} queued", *running, *queued)
                                 : "not known while the database is away");
  const BusOptions viewer = read_viewer_options(world.environment);
  line("Events",
       std::format("{}, user viewer, password {}",
                   world.environment.text("NATS_PUBLIC_URL", viewer.url),
                   viewer.password.empty() ? "not known here" : viewer.password.reveal()));
  line("Next", world.console.command + " jobs");
  return Exit::ok;
}

}  // namespace podium::cli
