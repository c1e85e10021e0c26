// Chooses the door of a competition: a folder that was sent, the catalogue (only offline), Kaggle.
// A kaggle.com URL means Kaggle's own rows, so the catalogue answers only when asked to.
#pragma once

#include <string>

#include "services/scraper/adapters/catalogue_competition_source.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class RoutedCompetitionSource final : public CompetitionSource {
 public:
  /// `offline`: slugs that the catalogue has are served from there (PODIUM_OFFLINE).
  /// `kaggle` is empty without credentials.
  RoutedCompetitionSource(CompetitionSource& folders, CatalogueCompetitionSource& catalogue,
                          bool offline, CompetitionSource* kaggle);
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                   const std::filesystem::path& folder,
                                   const FetchControl& control) override;

 private:
  std::unexpected<Error> refusal(const std::string& slug) const;
  std::string offer_of(const std::string& slug) const;

  CompetitionSource& folders_;
  CatalogueCompetitionSource& catalogue_;
  bool offline_;
  CompetitionSource* kaggle_;
};

}  // namespace podium::scraper
