// The program that service_test.cpp starts: a small service whose behaviour SERVICE_TEST_MODE
// names.
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>

#include "libs/chassis/log.hpp"
#include "libs/chassis/service.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;

void wait_for_stop(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock{mutex};
  changed.wait(lock, stop, [] { return false; });
}

void wait_for_ever() {
  wait_for_stop({});
}

// What the stage does with an event, by the event's phase.
Result<Events> handle(const v1::Event& event, StageContext& context, const std::string& file) {
  const std::string phase = event.progressed().phase();
  log_info("handling", {{"phase", phase}, {"deliveries", context.deliveries()}});
  if (phase == "finishes") {
    testing::wait_until([&] { return std::filesystem::exists(file); }, 1h);
    log_info("finished");
    return Events{};
  }
  if (phase == "hands back") {
    wait_for_stop(context.stop());
    return fail(errors::kStopped, "handed back");
  }
  if (phase == "is fatal") return fail(errors::kPermission, "may not");
  wait_for_ever();
  return Events{};
}

Result<void> run_stage(Service& service, const std::string& file) {
  PODIUM_TRY(service.bus());
  service.add_stage({.name = "test", .stream = "JOBS", .durable = "tested", .ack_wait = 30s},
                    [file](const v1::Event& event, StageContext& context) {
                      return handle(event, context, file);
                    });
  service.on_drain([&service] { log_info("drain action", {{"draining", service.draining()}}); });
  return service.run_until_signalled();
}

Result<void> run_stubborn_task(Service& service) {
  service.add_task("stubborn", [](std::stop_token) -> Result<void> {
    wait_for_ever();
    return {};
  });
  return service.run_until_signalled();
}

Result<void> run_failing_task(Service& service) {
  service.add_task("patient", [](std::stop_token stop) -> Result<void> {
    wait_for_stop(std::move(stop));
    log_info("the patient task was stopped");
    return {};
  });
  service.add_task("failing", [](std::stop_token) -> Result<void> {
    return fail(errors::kUnavailable, "the watcher lost its bucket");
  });
  return service.run_until_signalled();
}

Result<void> run_unready(Service& service, const std::string& file) {
  service.add_check("postgres", [file]() -> Result<void> {
    if (std::filesystem::exists(file)) return {};
    return fail(errors::kUnavailable, "no answer");
  });
  return service.run_until_signalled();
}

Result<void> compose(Service& service) {
  Environment& environment = service.environment();
  const std::string mode = environment.text("SERVICE_TEST_MODE", "idle");
  const std::string file = environment.text("SERVICE_TEST_FILE", "/nonexistent");
  if (mode == "configuration") environment.problem("SERVICE_TEST_REQUIRED", "is not set");
  PODIUM_TRY(environment.check());
  if (mode == "fails") return fail(errors::kUnavailable, "the part is away");
  if (mode == "throws") throw std::runtime_error{"out of the blue"};
  if (mode == "starts slowly") {
    log_info("composing");
    wait_for_ever();
  }
  if (mode == "stage") return run_stage(service, file);
  if (mode == "stubborn task") return run_stubborn_task(service);
  if (mode == "failing task") return run_failing_task(service);
  if (mode == "unready") return run_unready(service, file);
  return service.run_until_signalled();
}

}  // namespace
}  // namespace podium

int main() {
  return podium::run_service("tested", podium::compose);
}
