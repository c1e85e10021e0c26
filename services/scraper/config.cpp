#include "services/scraper/config.hpp"

#include "libs/chassis/streams.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = environment.text("PODIUM_ARTIFACTS", config.artifacts.string());
  config.catalogue = environment.text("PODIUM_CATALOGUE", config.catalogue.string());
  config.offline = environment.boolean("PODIUM_OFFLINE", false);
  const bool token = !environment.secret("KAGGLE_API_TOKEN").empty();
  const bool key = !environment.secret("KAGGLE_KEY").empty();
  config.has_kaggle_credentials =
      token || (key && !environment.text("KAGGLE_USERNAME", "").empty());
  config.workers =
      static_cast<int>(environment.integer("PODIUM_SCRAPE_WORKERS", config.workers, 1, 32));
  // Beside the store, so that data is on a disk of the right size and files can be linked.
  config.scrape.work_folder =
      environment.text("PODIUM_SCRAPE_WORK", (config.artifacts / "scraping").string());
  config.scrape.data_bytes_max = environment.bytes("PODIUM_DATA_BYTES_MAX", kDataBytesMaxDefault);
  PODIUM_TRY(environment.check());
  return config;
}

StageOptions scrape_options(const Config& config) {
  return {.name = "scrape",
          .stream = std::string{streams::kJobs},
          .durable = "scraper-scrape",
          .workers = config.workers};
}

}  // namespace podium::scraper
