#include "services/scraper/adapters/routed_competition_source.hpp"

#include <format>

#include "libs/competition/reasons.hpp"

namespace podium::scraper {

RoutedCompetitionSource::RoutedCompetitionSource(CompetitionSource& folders,
                                                 CatalogueCompetitionSource& catalogue,
                                                 bool offline, CompetitionSource* kaggle)
    : folders_{folders}, catalogue_{catalogue}, offline_{offline}, kaggle_{kaggle} {}

Result<FetchedCompetition> RoutedCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const std::filesystem::path& folder,
                                                          const FetchControl& control) {
  if (!request.folder_sha256().empty()) return folders_.fetch(request, folder, control);
  if (offline_ && catalogue_.has(request.slug())) {
    return catalogue_.fetch(request, folder, control);
  }
  if (kaggle_ != nullptr) return kaggle_->fetch(request, folder, control);
  return refusal(request.slug());
}

std::unexpected<Error> RoutedCompetitionSource::refusal(const std::string& slug) const {
  return fail(competition::reasons::kKaggleAuth,
              std::format("{} would have to be downloaded from Kaggle, and no Kaggle credentials "
                          "are set.{}",
                          slug, offer_of(slug)));
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
