#include "services/scraper/adapters/kaggle_competition_source.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_download.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;
using nlohmann::json;

json about(const std::string& slug) {
  return {{"competitionName", slug}};
}

/// The names to try: in lower case, and as it was written where that differs.
std::vector<std::string> names_of(const v1::CompetitionRequest& request) {
  std::vector<std::string> names{request.slug()};
  const auto address = competition::parse_competition_url(request.kaggle_url());
  if (address && address->slug == request.slug() && address->slug_as_written != request.slug()) {
    names.push_back(address->slug_as_written);
  }
  return names;
}

/// What a person should know who wants to submit; the search goes on.
std::vector<std::string> warnings_of(const KaggleCompetition& competition) {
  std::vector<std::string> warnings;
  if (competition.code_only) {
    warnings.emplace_back(
        "Kaggle takes notebooks only for this competition: the submission.csv cannot be uploaded "
        "as it is.");
  }
  if (competition.submissions_disabled) {
    warnings.emplace_back("Kaggle takes no submissions for this competition any more.");
  }
  return warnings;
}

Error not_entered(const std::string& slug) {
  return {&reasons::kKaggleNotEntered, std::format("The account has not joined {0}. Open "
                                                   "https://www.kaggle.com/competitions/{0}/rules",
                                                   slug)};
}

}  // namespace

KaggleCompetitionSource::KaggleCompetitionSource(KaggleOptions options, KaggleSleep sleep)
    : options_{std::move(options)}, kaggle_{options_.endpoint, std::move(sleep)} {}

Result<FetchedCompetition> KaggleCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const fs::path& folder,
                                                          const FetchControl& control) {
  const auto competition = PODIUM_TRY(find(request, control.stop));
  if (!competition.entered) return std::unexpected{not_entered(competition.slug)};
  PODIUM_TRY(check_room(competition, folder, control.stop));
  FetchedCompetition fetched;
  fetched.door = v1::COMPETITION_DOOR_KAGGLE;
  auto& told = fetched.told;
  told.slug = request.slug();
  told.title = competition.title;
  told.url = competition.url;
  told.description = competition.description;
  told.metric_name = competition.metric;
  told.deadline = competition.deadline;
  told.pages = PODIUM_TRY(pages(competition.slug, control.stop));
  told.warnings = warnings_of(competition);
  PODIUM_TRY(download_data(kaggle_,
                           {.slug = competition.slug,
                            .file = {},
                            .folder = folder,
                            .bytes_max = options_.data_bytes_max,
                            .storage_hosts = options_.storage_hosts},
                           control));
  return fetched;
}

/// By its name; else by a search for exactly that name, because reading one competition has been
/// refused for some that the search knows.
Result<KaggleCompetition> KaggleCompetitionSource::find(const v1::CompetitionRequest& request,
                                                        std::stop_token stop) {
  std::optional<Error> refused;
  for (const auto& name : names_of(request)) {
    const auto answer = kaggle_.ask("GetCompetition", name, about(name), stop);
    if (answer) {
      auto competition = read_competition(*answer);
      competition.slug = name;
      return competition;
    }
    if (answer.error().is(reasons::kKaggleAuth) || answer.error().is(errors::kStopped)) {
      return std::unexpected{answer.error()};
    }
    if (!refused) refused = answer.error();
    auto found = search(name, stop);
    if (found && *found) return **std::move(found);
  }
  return std::unexpected{*refused};
}

Result<std::optional<KaggleCompetition>> KaggleCompetitionSource::search(const std::string& slug,
                                                                         std::stop_token stop) {
  const json question = {{"group", "COMPETITION_LIST_TAB_EVERYTHING"},
                         {"search", slug},
                         {"pageSize", kKagglePageSize}};
  const auto answer = PODIUM_TRY(kaggle_.ask("ListCompetitions", slug, question, stop));
  auto found = read_competitions(answer);
  const auto lower_slug = competition::parse_competition_url(slug);
  const auto at = std::ranges::find_if(
      found, [&](const auto& one) { return lower_slug && one.slug == lower_slug->slug; });
  if (at == found.end()) return std::nullopt;
  at->slug = slug;
  return std::move(*at);
}

Result<std::uint64_t> KaggleCompetitionSource::data_bytes(const std::string& slug,
                                                          std::stop_token stop) {
  std::uint64_t bytes = 0;
  std::size_t files = 0;
  auto question = about(slug);
  question["pageSize"] = kKagglePageSize;
  while (files < kKaggleFilesMax) {
    const auto page = read_files(PODIUM_TRY(kaggle_.ask("ListDataFiles", slug, question, stop)));
    for (const auto& file : page.files) bytes += file.bytes;
    files += page.files.size();
    if (page.next.empty() || page.files.empty()) break;
    question["pageToken"] = page.next;
  }
  if (files > 0) return bytes;
  return fail(reasons::kDataUnreadable, slug + " has no data files at Kaggle");
}

Result<void> KaggleCompetitionSource::check_room(const KaggleCompetition& competition,
                                                 const fs::path& folder, std::stop_token stop) {
  const auto bytes = PODIUM_TRY(data_bytes(competition.slug, std::move(stop)));
  if (bytes > options_.data_bytes_max) {
    return fail(reasons::kDataTooLarge,
                std::format("the data of {} is {} bytes, PODIUM_DATA_BYTES_MAX is {}",
                            competition.slug, bytes, options_.data_bytes_max));
  }
  std::error_code unknown;
  const auto space = fs::space(folder, unknown);
  // It lies there packed, unpacked and as one tar for a while.
  if (!unknown && space.available < 3 * bytes + kKaggleDiskReserve) {
    return fail(reasons::kDataTooLarge,
                std::format("the data of {} is {} bytes and wants three times that for a while; {} "
                            "are free on the disk of PODIUM_SCRAPE_WORK",
                            competition.slug, bytes, space.available));
  }
  return {};
}

/// Without the pages a job goes on: names and data tell enough.
Result<std::vector<v1::Page>> KaggleCompetitionSource::pages(const std::string& slug,
                                                             std::stop_token stop) {
  const auto answer = kaggle_.ask("ListCompetitionPages", slug, about(slug), std::move(stop));
  if (answer) return read_pages(*answer);
  if (answer.error().is(errors::kStopped)) return std::unexpected{answer.error()};
  return std::vector<v1::Page>{};
}

}  // namespace podium::scraper
