#include "services/scraper/adapters/catalogue_competition_source.hpp"

#include <algorithm>
#include <system_error>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/adapters/competition_folder.hpp"

namespace podium::scraper {

CatalogueCompetitionSource::CatalogueCompetitionSource(std::filesystem::path catalogue)
    : catalogue_{std::move(catalogue)} {}

bool CatalogueCompetitionSource::has(std::string_view slug) const {
  std::error_code ignored;
  return competition::is_slug(slug) &&
         std::filesystem::is_directory(catalogue_ / slug / "data", ignored);
}

std::vector<std::string> CatalogueCompetitionSource::slugs() const {
  std::error_code ignored;
  std::vector<std::string> slugs;
  for (const auto& entry : std::filesystem::directory_iterator{catalogue_, ignored}) {
    const std::string slug = entry.path().filename().string();
    if (has(slug)) slugs.push_back(slug);
  }
  std::ranges::sort(slugs);
  return slugs;
}

Result<FetchedCompetition> CatalogueCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                             const std::filesystem::path& folder,
                                                             const FetchControl& control) {
  if (!has(request.slug())) {
    return fail(competition::reasons::kCompetitionNotFound,
                "the catalogue has no competition " + request.slug());
  }
  FetchedCompetition fetched{.told = PODIUM_TRY(read_told_facts(catalogue_ / request.slug())),
                             .door = v1::COMPETITION_DOOR_CATALOGUE};
  fetched.told.slug = request.slug();
  // The catalogue's own paths lead nowhere outside it.
  if (!fetched.told.url.starts_with("https://")) fetched.told.url.clear();
  if (control.is_wanted) PODIUM_TRY(control.is_wanted(std::nullopt));
  PODIUM_TRY(take_data(catalogue_ / request.slug(), folder));
  return fetched;
}

}  // namespace podium::scraper
