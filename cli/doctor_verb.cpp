#include <chrono>
#include <filesystem>
#include <format>

#include "cli/doctor.hpp"
#include "cli/verbs.hpp"
#include "cli/viewer_bus.hpp"

namespace podium::cli {
namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Outcome<Exit> run_doctor(const Arguments& arguments, const World& world) {
  std::vector<Finding> findings;
  const auto add = [&](std::vector<Finding> more) {
    findings.insert(findings.end(), more.begin(), more.end());
  };
  const std::string stack = world.environment.text("PODIUM_STACK", "podium");
  add(look_at_gateway(world.gateway, stack));
  if (findings.front().state == Finding::State::ok) {
    add(look_at_clock(world.gateway, now_seconds()));
  }
  add(look_at_bus(read_viewer_options(world.environment), world.console.command));
  add(look_at_engine(world.environment.text("DOCKER_HOST", ""), stack, world.gateway));
  if (findings.front().state == Finding::State::ok) {
    add(look_at_credentials(world.environment.text("PODIUM_HEALTH_URLS", ""),
                            world.console.command));
  }
  std::error_code problem;
  add(look_at_disk(std::filesystem::current_path(problem).string()));
  if (world.interrupts.stopped()) return Exit::interrupted;

  if (arguments.json) {
    world.console.out << findings_json(findings) << '\n';
  } else {
    world.console.out << findings_text(findings, world.console.out_has_color);
  }
  return any_bad(findings) ? Exit::error : Exit::ok;
}

}  // namespace podium::cli
