// CompetitionSource at Kaggle itself. What would fail later is found first: whether the competition
// exists and was entered, and how large its data is. What only hinders submitting is a warning.
// Jobs of one competition share what is told, see told_sharing.hpp. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <semaphore>
#include <string>
#include <vector>

#include "services/scraper/adapters/told_sharing.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

struct KaggleOptions {
  KaggleEndpoint endpoint;
  /// See is_storage_address(): empty for Kaggle itself.
  std::vector<std::string> storage_hosts;
  std::uint64_t data_bytes_max = 0;
  /// Competitions that Kaggle is asked about at once.
  int workers = 2;
  /// What was told is given to later jobs for so long.
  std::chrono::milliseconds told_kept = kKaggleToldKept;
};

class KaggleCompetitionSource final : public CompetitionSource {
 public:
  KaggleCompetitionSource(KaggleOptions options, ForeignReader& reader,
                          KaggleSleep sleep = pause_for);

  /// COMPETITION_NOT_FOUND, KAGGLE_AUTH, KAGGLE_NOT_ENTERED, KAGGLE_RULES, KAGGLE_RATE_LIMITED,
  /// DATA_TOO_LARGE, DISK_TOO_SMALL, DATA_UNREADABLE (there is no data), SCRAPE_FAILED; UNAVAILABLE
  /// when it cannot be written; STOPPED.
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                   const std::filesystem::path& folder,
                                   const FetchControl& control) override;

 private:
  /// Refuses a competition that was not joined.
  Result<KaggleTold> ask_all(const v1::CompetitionRequest& request, const FetchControl& control);
  Result<void> list_files(KaggleTold& told, const FetchControl& control);
  Result<void> check_room(const std::string& slug, std::uint64_t bytes,
                          const std::filesystem::path& folder) const;
  Result<void> add_pages(const KaggleTold& told, const std::filesystem::path& folder,
                         competition::ToldFacts& facts, const FetchControl& control);
  DataOffer offer_of(const KaggleTold& told, const std::string& slug) const;
  Result<nlohmann::json> ask(std::string_view method, const std::string& slug,
                             const nlohmann::json& question, const FetchControl& control);

  KaggleOptions options_;
  ForeignReader& reader_;
  KaggleClient kaggle_;
  ToldSharing sharing_;
  std::counting_semaphore<> places_;
};

}  // namespace podium::scraper
