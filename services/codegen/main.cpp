// Composition root of codegen: the only place where its ports meet their adapters.
#include "libs/chassis/service.hpp"
#include "services/codegen/adapters/bus_command_sink.hpp"
#include "services/codegen/adapters/bus_draft_log.hpp"
#include "services/codegen/adapters/bus_job_history.hpp"
#include "services/codegen/adapters/key_value_search_store.hpp"
#include "services/codegen/adapters/system_clock.hpp"
#include "services/codegen/dead_letter_stage.hpp"
#include "services/codegen/decide_stage.hpp"
#include "services/codegen/draft_stage.hpp"
#include "services/codegen/generators.hpp"
#include "services/codegen/report_stage.hpp"
#include "services/codegen/ticker.hpp"

int main() {
  namespace codegen = podium::codegen;
  return podium::run_service("codegen", [](podium::Service& service) -> podium::Result<void> {
    const auto config = PODIUM_TRY(codegen::load_config(service.environment()));
    auto* bus = PODIUM_TRY(service.bus());
    auto artifacts = PODIUM_TRY(podium::open_artifact_store(config.artifacts));
    auto searches = PODIUM_TRY(codegen::open_search_store(*bus));
    codegen::BusCommandSink sink{*bus, service.publisher()};
    codegen::BusDraftLog drafts{*bus};
    auto& clock = codegen::system_clock();
    auto generators = PODIUM_TRY(codegen::open_generators(config, service, *artifacts, clock));
    codegen::DecideStage decide{*searches, sink, clock, config.search, generators->earlier_jobs()};
    codegen::DraftStage draft{generators->all(), *artifacts, drafts};
    codegen::BusJobHistory history{*bus};
    codegen::ReportStage report{history, *artifacts};
    codegen::DeadLetterStage letters{*bus, service.publisher()};
    codegen::Ticker ticker{clock, std::bind_front(&codegen::DecideStage::tick, &decide)};
    auto watch = PODIUM_TRY(searches->watch(decide, ticker));
    service.add(codegen::decide_options(config), decide);
    service.add(codegen::draft_options(config), draft);
    service.add(codegen::report_options(), report);
    service.add_task("dead-letters", std::bind_front(&codegen::DeadLetterStage::run, &letters));
    service.add_task("ticker", std::bind_front(&codegen::Ticker::run, &ticker));
    return service.run_until_signalled();
  });
}
