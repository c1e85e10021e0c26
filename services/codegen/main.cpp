// Composition root of codegen: the only place where its ports meet their adapters.
#include <functional>

#include "libs/chassis/service.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/adapters/builtin_candidate_generator.hpp"
#include "services/codegen/adapters/bus_command_sink.hpp"
#include "services/codegen/adapters/key_value_search_store.hpp"
#include "services/codegen/config.hpp"
#include "services/codegen/dead_letter_stage.hpp"
#include "services/codegen/decide_stage.hpp"
#include "services/codegen/draft_stage.hpp"
#include "services/codegen/ticker.hpp"

using namespace podium::codegen;  // NOLINT(google-build-using-namespace)

int main() {
  return podium::run_service("codegen", [](podium::Service& service) -> podium::Result<void> {
    const auto config = PODIUM_TRY(load_config(service.environment()));
    auto* bus = PODIUM_TRY(service.bus());
    auto artifacts = PODIUM_TRY(podium::open_directory_store(config.artifacts));
    auto bucket = PODIUM_TRY(bus->bucket("searches"));
    auto generator = PODIUM_TRY(open_builtin_generator(config.templates));
    KeyValueSearchStore searches{*bucket};
    BusCommandSink commands{*bus, service.publisher()};
    BusDraftLog drafts{*bus};
    SystemClock clock;
    DecideStage decide{searches, commands, clock};
    DraftStage draft{*generator, *artifacts, drafts};
    DeadLetterStage letters{*bus, service.publisher()};
    Ticker ticker{clock, std::bind_front(&DecideStage::tick, &decide)};
    auto watch = PODIUM_TRY(searches.watch(std::bind_front(&Ticker::observe, &ticker)));

    service.add_stage(decide_options(config), std::bind_front(&DecideStage::handle, &decide));
    service.add_stage(draft_options(config), std::bind_front(&DraftStage::handle, &draft));
    service.add_task("dead-letters", std::bind_front(&DeadLetterStage::run, &letters));
    service.add_task("ticker", std::bind_front(&Ticker::run, &ticker));
    return service.run_until_signalled();
  });
}
