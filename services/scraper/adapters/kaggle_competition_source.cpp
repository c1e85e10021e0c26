#include "services/scraper/adapters/kaggle_competition_source.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
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

/// Not where Kaggle knows who we are and says no, or does not answer at all.
bool may_be_known_otherwise(const Error& refusal) {
  return refusal.is(reasons::kCompetitionNotFound) || refusal.is(reasons::kKaggleNotEntered) ||
         refusal.is(reasons::kScrapeFailed);
}

Error not_entered(const std::string& slug) {
  return {&reasons::kKaggleNotEntered, std::format("The account has not joined {0}. Open "
                                                   "https://www.kaggle.com/competitions/{0}/rules",
                                                   slug)};
}

}  // namespace

KaggleCompetitionSource::KaggleCompetitionSource(KaggleOptions options, ForeignReader& reader,
                                                 KaggleSleep sleep)
    : options_{std::move(options)}, reader_{reader}, kaggle_{options_.endpoint, std::move(sleep)} {}

Result<FetchedCompetition> KaggleCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const fs::path& folder,
                                                          const FetchControl& control) {
  const auto competition = PODIUM_TRY(find(request, control));
  if (!competition.entered) return std::unexpected{not_entered(competition.slug)};
  PODIUM_TRY(check_room(competition, folder, control));
  FetchedCompetition fetched;
  fetched.door = v1::COMPETITION_DOOR_KAGGLE;
  auto& told = fetched.told;
  told.slug = request.slug();
  told.title = competition.title;
  told.url = competition.url;
  told.description = competition.description;
  told.metric_name = competition.metric;
  told.deadline = competition.deadline;
  told.warnings = warnings_of(competition);
  PODIUM_TRY(add_pages(competition.slug, folder.parent_path(), told, control));
  PODIUM_TRY(download_data(kaggle_,
                           {.slug = competition.slug,
                            .folder = folder,
                            .bytes_max = options_.data_bytes_max,
                            .storage_hosts = options_.storage_hosts},
                           control));
  return fetched;
}

/// By its name; else by a search for exactly that name, because reading one competition has been
/// refused for some that the search knows.
Result<KaggleCompetition> KaggleCompetitionSource::find(const v1::CompetitionRequest& request,
                                                        const FetchControl& control) {
  std::optional<Error> refused;
  for (const auto& name : names_of(request)) {
    const auto answer = ask("GetCompetition", name, about(name), control);
    if (answer) {
      auto competition = read_competition(*answer);
      competition.slug = name;
      return competition;
    }
    if (!refused) refused = answer.error();
    if (!may_be_known_otherwise(answer.error())) return std::unexpected{answer.error()};
  }
  auto found = PODIUM_TRY(search(request.slug(), control));
  if (found) return *std::move(found);
  return std::unexpected{*refused};
}

Result<std::optional<KaggleCompetition>> KaggleCompetitionSource::search(
    const std::string& slug, const FetchControl& control) {
  const json question = {{"group", "COMPETITION_LIST_TAB_EVERYTHING"},
                         {"search", slug},
                         {"pageSize", kKagglePageSize}};
  const auto answer = PODIUM_TRY(ask("ListCompetitions", slug, question, control));
  auto found = read_competitions(answer);
  const auto at = std::ranges::find_if(
      found, [&](const auto& one) { return competition::lower(one.slug) == slug; });
  if (at == found.end()) return std::nullopt;
  return std::move(*at);
}

Result<std::uint64_t> KaggleCompetitionSource::data_bytes(const std::string& slug,
                                                          const FetchControl& control) {
  std::uint64_t bytes = 0;
  std::size_t files = 0;
  auto question = about(slug);
  question["pageSize"] = kKagglePageSize;
  while (true) {
    const auto page = read_files(PODIUM_TRY(ask("ListDataFiles", slug, question, control)));
    for (const auto& file : page.files) bytes += file.bytes;
    files += page.files.size();
    if (page.next.empty() || page.files.empty()) break;
    if (files >= kKaggleFilesMax) {
      const auto summary =
          PODIUM_TRY(ask("GetCompetitionDataFilesSummary", slug, about(slug), control));
      return std::max(bytes, read_total_bytes(summary));
    }
    question["pageToken"] = page.next;
  }
  if (files > 0) return bytes;
  return fail(reasons::kDataUnreadable, slug + " has no data files at Kaggle");
}

Result<void> KaggleCompetitionSource::check_room(const KaggleCompetition& competition,
                                                 const fs::path& folder,
                                                 const FetchControl& control) {
  const auto bytes = PODIUM_TRY(data_bytes(competition.slug, control));
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
Result<void> KaggleCompetitionSource::add_pages(const std::string& slug, const fs::path& folder,
                                                competition::ToldFacts& told,
                                                const FetchControl& control) {
  auto pages =
      ask("ListCompetitionPages", slug, about(slug), control).and_then([&](const json& answer) {
        return reader_.read_pages(scraper::read_pages(answer), folder, control);
      });
  if (pages) {
    told.pages = *std::move(pages);
  } else if (pages.error().is(errors::kStopped)) {
    return std::unexpected{pages.error()};
  } else {
    told.warnings.push_back("The pages of the competition could not be read (" +
                            pages.error().detail + "): what they tell is not known.");
  }
  return {};
}

/// Every call tells that the work goes on, and so hears that the job is over.
Result<json> KaggleCompetitionSource::ask(std::string_view method, const std::string& slug,
                                          const json& question, const FetchControl& control) {
  if (control.on_progress) control.on_progress(kFetching, 0, 0);
  return kaggle_.ask(method, slug, question, control.stop);
}

}  // namespace podium::scraper
