// Settings of the scraper, read once at the start.
#pragma once

#include <filesystem>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_options.hpp"
#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/adapters/kaggle_competition_source.hpp"
#include "services/scraper/kaggle/kaggle_credentials.hpp"
#include "services/scraper/scrape_stage.hpp"

namespace podium::scraper {

struct Config {
  /// PODIUM_ARTIFACTS and what belongs to it: the artifact store.
  ArtifactOptions artifacts;
  /// PODIUM_CATALOGUE: folder of the bundled competitions.
  std::filesystem::path catalogue = "/usr/share/podium/competitions";
  /// PODIUM_OFFLINE: serve slugs that the catalogue has from there.
  bool offline = false;
  /// Found as kaggle_credentials.hpp says.
  KaggleCredentials kaggle_credentials;
  /// PODIUM_KAGGLE_URL, PODIUM_KAGGLE_STORAGE_HOSTS: for a stand-in.
  KaggleOptions kaggle;
  /// PODIUM_SCRAPE_WORKERS: competitions that are fetched at once. PODIUM_SCRAPE_WORK: where data
  /// is unpacked.
  ScrapeOptions scrape;
  /// PODIUM_UNPACK_PROGRAM: podium-unpack; beside this program when not set. PODIUM_DATA_BYTES_MAX:
  /// at most so much data.
  UnpackOptions unpack;
  /// PODIUM_DATA_CACHE_BYTES: stored data of all competitions, beside that of open jobs.
  std::uint64_t data_cache_bytes = 0;
};

/// Reads the settings; every bad one is in the error.
Result<Config> load_config(Environment& environment);

/// The stages' consumers; made by the set-up step from schemas/streams.json.
StageOptions scrape_options(const Config& config);
StageOptions submit_options();

}  // namespace podium::scraper
