// Fetches a competition and says what it is: requested -> scraped | scrape_failed.
#pragma once

#include <filesystem>
#include <optional>
#include <semaphore>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

struct ScrapeOptions {
  /// Each scrape gets a folder of its own below it.
  std::filesystem::path work_folder;
  /// Competitions that are fetched and read at once; others wait for them meanwhile.
  int workers = 2;
};

/// Safe to repeat: data is stored by content hash, and `scraped` happens once per job.
class ScrapeStage {
 public:
  ScrapeStage(CompetitionSource& source, ForeignReader& reader, DataCache& cache,
              ArtifactStore& artifacts, JobWatch& jobs, ScrapeOptions options);

  Result<Events> handle(const v1::Event& requested, StageContext& context);

 private:
  /// What the job that is tried again had scraped, when the request takes that over and it is kept.
  Result<std::optional<v1::Event>> scraped_before(const v1::Event& requested,
                                                  const std::stop_token& stop);
  Result<v1::Event> scrape(const v1::Event& requested, const FetchControl& control,
                           StageContext& context);
  /// From a folder with what was fetched to the event.
  Result<v1::Event> read(const v1::Event& requested, const std::filesystem::path& folder,
                         const FetchedCompetition& fetched, const FetchControl& control);

  CompetitionSource& source_;
  ForeignReader& reader_;
  DataCache& cache_;
  ArtifactStore& artifacts_;
  JobWatch& jobs_;
  ScrapeOptions options_;
  std::counting_semaphore<> places_;
};

}  // namespace podium::scraper
