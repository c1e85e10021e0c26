// CompetitionSource on a tar that a person sent (PUT /competitions/{sha256}), stored unparsed in
// the artifact store and taken apart by the reader of foreign files.
#pragma once

#include "libs/chassis/store/artifact_store.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class FolderCompetitionSource final : public CompetitionSource {
 public:
  FolderCompetitionSource(ArtifactStore& artifacts, ForeignReader& reader);
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                   const std::filesystem::path& folder,
                                   const FetchControl& control) override;

 private:
  Result<void> download(const std::string& sha256, const std::filesystem::path& file,
                        const FetchControl& control);

  ArtifactStore& artifacts_;
  ForeignReader& reader_;
};

}  // namespace podium::scraper
