#include "services/scraper/adapters/folder_competition_source.hpp"

#include <format>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/file_writer.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

/// Folders have no slug of their own when their competition.json names none.
constexpr std::string_view kSlugOfFolders = "my-competition";

}  // namespace

FolderCompetitionSource::FolderCompetitionSource(ArtifactStore& artifacts, ForeignReader& reader)
    : artifacts_{artifacts}, reader_{reader} {}

Result<void> FolderCompetitionSource::download(const std::string& sha256, const fs::path& file,
                                               const FetchControl& control) {
  FileWriter out{file};
  Result<void> written;
  std::uint64_t bytes = 0;
  auto read = artifacts_.read("sha256/" + sha256, [&](std::string_view piece) {
    written = out.write(piece);
    bytes += piece.size();
    if (control.on_progress) control.on_progress(kFetching, bytes, 0);
    return written && !control.stop.stop_requested();
  });
  if (!read && read.error().is(errors::kNotFound)) {
    return fail(competition::reasons::kCompetitionNotFound,
                "no folder with this hash was sent: " + sha256);
  }
  PODIUM_TRY(std::move(written));
  PODIUM_TRY(std::move(read));
  return out.close();
}

Result<FetchedCompetition> FolderCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const fs::path& folder,
                                                          const FetchControl& control) {
  if (control.is_wanted) PODIUM_TRY(control.is_wanted(std::nullopt));
  const auto beside = folder.parent_path();
  PODIUM_TRY(download(request.folder_sha256(), beside / "sent.tar", control));
  FetchedCompetition fetched{.told = PODIUM_TRY(reader_.open_sent(beside, control)),
                             .door = v1::COMPETITION_DOOR_FOLDER};
  if (!competition::is_slug(fetched.told.slug)) {
    fetched.told.slug =
        competition::is_slug(request.slug()) ? request.slug() : std::string{kSlugOfFolders};
  }
  return fetched;
}

}  // namespace podium::scraper
