// Composition root of the scraper: the only place where its ports meet their adapters.
#include "libs/chassis/log.hpp"
#include "libs/chassis/service.hpp"
#include "services/scraper/adapters/bus_job_watch.hpp"
#include "services/scraper/adapters/catalogue_competition_source.hpp"
#include "services/scraper/adapters/folder_competition_source.hpp"
#include "services/scraper/adapters/kaggle_competition_source.hpp"
#include "services/scraper/adapters/key_value_data_cache.hpp"
#include "services/scraper/adapters/routed_competition_source.hpp"
#include "services/scraper/config.hpp"
#include "services/scraper/credentials.hpp"
#include "services/scraper/scrape_stage.hpp"
#include "services/scraper/submitting.hpp"

int main() {
  return podium::run_service("scraper", [](podium::Service& service) -> podium::Result<void> {
    const auto config = PODIUM_TRY(podium::scraper::load_config(service.environment()));
    auto* bus = PODIUM_TRY(service.bus());
    auto artifacts = PODIUM_TRY(podium::open_artifact_store(config.artifacts));
    auto jobs = PODIUM_TRY(podium::scraper::BusJobWatch::open(*bus));
    podium::scraper::CatalogueCompetitionSource catalogue{config.catalogue};
    podium::scraper::ChildForeignReader reader{config.unpack};
    podium::scraper::FolderCompetitionSource folders{*artifacts, reader};
    podium::scraper::KaggleCompetitionSource kaggle{config.kaggle, reader};
    podium::scraper::RoutedCompetitionSource source{
        folders, catalogue, config.offline, config.kaggle_credentials.empty() ? nullptr : &kaggle};
    for (const auto& warning : config.kaggle_credentials.warnings) podium::log_warning(warning);

    podium::scraper::KeyValueDataCache cache{PODIUM_TRY(bus->bucket("competition_data")),
                                             *artifacts, *jobs, config.data_cache_bytes};
    podium::scraper::ScrapeStage scrape{source, reader, cache, *artifacts, *jobs, config.scrape};
    service.add(podium::scraper::scrape_options(config), scrape);
    auto submitting = PODIUM_TRY(podium::scraper::open_submitting(config, *bus, *artifacts));
    service.add(podium::scraper::submit_options(), *submitting);
    podium::scraper::add_credentials(service, config);
    return service.run_until_signalled();
  });
}
