// CompetitionSource on the bundled catalogue: a folder with a folder per slug.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "services/scraper/ports.hpp"

namespace podium::scraper {

class CatalogueCompetitionSource final : public CompetitionSource {
 public:
  explicit CatalogueCompetitionSource(std::filesystem::path catalogue);
  bool has(std::string_view slug) const;
  /// All slugs, in alphabetical order; none when there is no such folder.
  std::vector<std::string> slugs() const;
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                   const std::filesystem::path& folder,
                                   const FetchControl& control) override;

 private:
  std::filesystem::path catalogue_;
};

}  // namespace podium::scraper
