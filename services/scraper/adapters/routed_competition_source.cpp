#include "services/scraper/adapters/routed_competition_source.hpp"

#include <format>

#include "libs/competition/reasons.hpp"

namespace podium::scraper {

RoutedCompetitionSource::RoutedCompetitionSource(CompetitionSource& folders,
                                                 CatalogueCompetitionSource& catalogue,
                                                 bool offline, bool has_kaggle_credentials)
    : folders_{folders},
      catalogue_{catalogue},
      offline_{offline},
      has_kaggle_credentials_{has_kaggle_credentials} {}

Result<FetchedCompetition> RoutedCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const std::filesystem::path& folder,
                                                          const FetchControl& control) {
  if (!request.folder_sha256().empty()) return folders_.fetch(request, folder, control);
  if (offline_ && catalogue_.has(request.slug())) {
    return catalogue_.fetch(request, folder, control);
  }
  return kaggle_refusal(request.slug());
}

std::unexpected<Error> RoutedCompetitionSource::kaggle_refusal(const std::string& slug) const {
  const std::string need = slug + " would have to be downloaded from Kaggle";
  const std::string offer = offer_of(slug);
  if (has_kaggle_credentials_) {
    return fail(competition::reasons::kKaggleUnsupported,
                std::format("{}, which this version cannot do yet.{}", need, offer));
  }
  return fail(competition::reasons::kKaggleAuth,
              std::format("{}, and no Kaggle credentials are set.{}", need, offer));
}

// What can be had without Kaggle.
std::string RoutedCompetitionSource::offer_of(const std::string& slug) const {
  if (catalogue_.has(slug)) {
    return std::format(
        " The bundled catalogue has a {} of its own: start the stack with PODIUM_OFFLINE=1 "
        "./podium up to have it.",
        slug);
  }
  std::string names;
  for (const std::string& bundled : catalogue_.slugs()) {
    names += (names.empty() ? "" : ", ") + bundled;
  }
  return names.empty() ? ""
                       : std::format(" Bundled, after PODIUM_OFFLINE=1 ./podium up: {}.", names);
}

}  // namespace podium::scraper
