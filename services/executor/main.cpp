// Composition root of the executor: the only place where its ports meet their adapters.
#include <functional>

#include "libs/chassis/service.hpp"
#include "services/executor/adapters/bus_run_ledger.hpp"
#include "services/executor/adapters/child_submission_check.hpp"
#include "services/executor/adapters/docker_sandbox_runtime.hpp"
#include "services/executor/config.hpp"
#include "services/executor/executor.hpp"

int main() {
  return podium::run_service("executor", [](podium::Service& service) -> podium::Result<void> {
    const auto config = PODIUM_TRY(podium::executor::load_config(service.environment()));
    auto* bus = PODIUM_TRY(service.bus());
    const auto artifacts = PODIUM_TRY(podium::open_artifact_store(config.artifacts));
    const auto searches = PODIUM_TRY(bus->bucket("searches"));
    const auto claims = PODIUM_TRY(bus->bucket("claims"));
    const auto capacity = PODIUM_TRY(bus->bucket("capacity"));
    podium::executor::DockerSandboxRuntime runtime{config.docker};
    podium::executor::ChildSubmissionCheck check{config.check_program, config.scratch};
    podium::executor::BusRunLedger ledger{*bus, *searches, service.publisher()};

    podium::executor::Executor executor{{.runtime = runtime,
                                         .check = check,
                                         .ledger = ledger,
                                         .artifacts = *artifacts,
                                         .bus = *bus,
                                         .claims = *claims,
                                         .capacity = *capacity},
                                        config};
    service.add_check("sandbox", std::bind_front(&podium::executor::Executor::ready, &executor));
    service.add_task("executor", std::bind_front(&podium::executor::Executor::run, &executor));
    return service.run_until_signalled();
  });
}
