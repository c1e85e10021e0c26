#include "services/scraper/config.hpp"

#include <unistd.h>

#include <format>
#include <ranges>

#include "libs/chassis/child/child_process.hpp"
#include "libs/chassis/streams.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = read_artifact_options(environment);
  config.catalogue = environment.text("PODIUM_CATALOGUE", config.catalogue.string());
  config.offline = environment.boolean("PODIUM_OFFLINE", false);
  config.kaggle_credentials = read_kaggle_credentials(environment);
  config.kaggle.endpoint = {
      .url = environment.text("PODIUM_KAGGLE_URL", "https://api.kaggle.com/v1"),
      .authorization = config.kaggle_credentials.authorization()};
  while (config.kaggle.endpoint.url.ends_with('/')) config.kaggle.endpoint.url.pop_back();
  const auto hosts = environment.text("PODIUM_KAGGLE_STORAGE_HOSTS", "");
  for (const auto host : std::views::split(hosts, ',')) {
    const auto name = competition::trim(std::string_view{host});
    if (!name.empty()) config.kaggle.storage_hosts.emplace_back(name);
  }
  config.scrape.workers =
      static_cast<int>(environment.integer("PODIUM_SCRAPE_WORKERS", config.scrape.workers, 1, 32));
  config.kaggle.workers = config.scrape.workers;
  // In the store's folder, so that data is on a disk of the right size; with a bucket in the one
  // that the store would have.
  config.scrape.work_folder =
      environment.text("PODIUM_SCRAPE_WORK", (config.artifacts.folder / "scraping").string());
  config.unpack.data_bytes_max = environment.bytes("PODIUM_DATA_BYTES_MAX", kDataBytesMaxDefault);
  config.kaggle.data_bytes_max = config.unpack.data_bytes_max;
  config.data_cache_bytes = environment.bytes("PODIUM_DATA_CACHE_BYTES", kDataCacheBytesDefault);
  config.unpack.program =
      environment.text("PODIUM_UNPACK_PROGRAM", program_beside_this("podium-unpack").string());
  if (access(config.unpack.program.c_str(), X_OK) != 0) {
    environment.problem("PODIUM_UNPACK_PROGRAM",
                        std::format("{} cannot be run", config.unpack.program.string()));
  }
  PODIUM_TRY(environment.check());
  return config;
}

StageOptions scrape_options(const Config& config) {
  return {.name = "scrape",
          .stream = std::string{streams::kJobs},
          .durable = "scraper-scrape",
          .workers = config.scrape.workers + kWaitersMax};
}

StageOptions submit_options() {
  return {.name = "submit",
          .stream = std::string{streams::kJobs},
          .durable = "scraper-submit",
          .workers = kSubmitWorkers};
}

}  // namespace podium::scraper
