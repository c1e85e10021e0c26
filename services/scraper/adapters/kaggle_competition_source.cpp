#include "services/scraper/adapters/kaggle_competition_source.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/version.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_download.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/kaggle/kaggle_lookup.hpp"
#include "services/scraper/place.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;
using nlohmann::json;

json about(const std::string& slug) {
  return {{"competitionName", slug}};
}

/// What a person should know who wants to submit; the search goes on.
std::vector<std::string> warnings_of(const KaggleCompetition& competition) {
  std::vector<std::string> warnings;
  for (const auto& obstacle : submission_obstacles(competition)) {
    warnings.push_back(obstacle.text());
  }
  return warnings;
}

}  // namespace

KaggleCompetitionSource::KaggleCompetitionSource(KaggleOptions options, ForeignReader& reader,
                                                 KaggleSleep sleep)
    : options_{std::move(options)},
      reader_{reader},
      kaggle_{options_.endpoint, std::move(sleep)},
      sharing_{options_.told_kept},
      places_{options_.workers} {}

Result<FetchedCompetition> KaggleCompetitionSource::fetch(const v1::CompetitionRequest& request,
                                                          const fs::path& folder,
                                                          const FetchControl& control) {
  const auto name = std::format("{}\n{}", request.slug(), kaggle_names(request).back());
  const auto told =
      PODIUM_TRY(sharing_.get(name, control, [&] { return ask_all(request, control); }));
  const auto& competition = told->competition;
  FetchedCompetition fetched;
  fetched.door = v1::COMPETITION_DOOR_KAGGLE;
  if (control.is_wanted) {
    if (!PODIUM_TRY(control.is_wanted(offer_of(*told, request.slug())))) return fetched;
  }
  PODIUM_TRY(check_room(competition.slug, told->data_bytes, folder));
  auto& facts = fetched.told;
  facts.slug = request.slug();
  facts.title = competition.title;
  facts.url = competition.url;
  facts.description = competition.description;
  facts.metric_name = competition.metric;
  facts.deadline = competition.deadline;
  facts.warnings = warnings_of(competition);
  PODIUM_TRY(add_pages(*told, folder.parent_path(), facts, control));
  PODIUM_TRY(download_data(kaggle_,
                           {.slug = competition.slug,
                            .folder = folder,
                            .bytes_max = options_.data_bytes_max,
                            .storage_hosts = options_.storage_hosts},
                           control));
  return fetched;
}

Result<KaggleTold> KaggleCompetitionSource::ask_all(const v1::CompetitionRequest& request,
                                                    const FetchControl& control) {
  Place place{places_};
  PODIUM_TRY(place.take(control));
  KaggleTold told;
  told.competition = PODIUM_TRY(find_kaggle_competition(
      request, [&](std::string_view method, const std::string& slug, const json& question) {
        return ask(method, slug, question, control);
      }));
  const auto& slug = told.competition.slug;
  if (!told.competition.entered) {
    return std::unexpected{submission_obstacles(told.competition).front()};
  }
  PODIUM_TRY(list_files(told, control));
  told.pages = ask("ListCompetitionPages", slug, about(slug), control).transform(read_pages);
  if (!told.pages && told.pages.error().is(errors::kStopped)) {
    return std::unexpected{told.pages.error()};
  }
  return told;
}

/// All that the facts are made of. What is not in it may change without a new download.
DataOffer KaggleCompetitionSource::offer_of(const KaggleTold& told, const std::string& slug) const {
  // Another version may read the same data otherwise, another limit may let more of it in.
  const json files = {version(), options_.data_bytes_max, told.files_hash};
  DataOffer offer{.competition = slug, .version = sha256_hex(files.dump()), .told = {}};
  if (!told.pages) return offer;
  const auto& competition = told.competition;
  const auto deadline = competition.deadline ? from_proto(*competition.deadline) : TimePoint{};
  json words = {competition.title,
                competition.url,
                competition.description,
                competition.metric,
                deadline.time_since_epoch().count(),
                deadline < std::chrono::system_clock::now(),
                competition.code_only,
                competition.submissions_disabled};
  Sha256 hash;
  hash.update(words.dump());
  for (const auto& page : *told.pages) hash.update(page.SerializeAsString());
  offer.told = hash.finish();
  return offer;
}

Result<void> KaggleCompetitionSource::list_files(KaggleTold& told, const FetchControl& control) {
  const auto& slug = told.competition.slug;
  std::vector<std::string> files;
  auto question = about(slug);
  question["pageSize"] = kKagglePageSize;
  while (true) {
    const auto page = read_files(PODIUM_TRY(ask("ListDataFiles", slug, question, control)));
    for (const auto& file : page.files) {
      told.data_bytes += file.bytes;
      files.push_back(std::format("{}\n{}\n{}\n", file.name, file.bytes, file.date));
    }
    if (page.next.empty() || page.files.empty()) break;
    if (files.size() >= kKaggleFilesMax) {
      const auto summary =
          PODIUM_TRY(ask("GetCompetitionDataFilesSummary", slug, about(slug), control));
      told.data_bytes = std::max(told.data_bytes, read_total_bytes(summary));
      break;
    }
    question["pageToken"] = page.next;
  }
  if (files.empty()) return fail(reasons::kDataUnreadable, slug + " has no data files at Kaggle");
  std::ranges::sort(files);
  Sha256 hash;
  for (const auto& file : files) hash.update(file);
  hash.update(std::to_string(told.data_bytes));
  told.files_hash = hash.finish();
  return {};
}

Result<void> KaggleCompetitionSource::check_room(const std::string& slug, std::uint64_t bytes,
                                                 const fs::path& folder) const {
  if (bytes > options_.data_bytes_max) {
    return fail(reasons::kDataTooLarge,
                std::format("the data of {} is {} bytes, PODIUM_DATA_BYTES_MAX is {}", slug, bytes,
                            options_.data_bytes_max));
  }
  std::error_code unknown;
  const auto space = fs::space(folder, unknown);
  // It lies there packed, unpacked and as one tar for a while.
  const auto wanted = 3 * bytes + kKaggleDiskReserve;
  if (!unknown && space.available < wanted) {
    return fail(reasons::kDiskTooSmall,
                std::format("the data of {} is {} bytes: {} bytes must be free on the disk of "
                            "PODIUM_SCRAPE_WORK for a while, {} are",
                            slug, bytes, wanted, space.available));
  }
  return {};
}

/// Without the pages a job goes on: names and data tell enough.
Result<void> KaggleCompetitionSource::add_pages(const KaggleTold& told, const fs::path& folder,
                                                competition::ToldFacts& facts,
                                                const FetchControl& control) {
  auto read = told.pages.and_then(
      [&](const auto& found) { return reader_.read_pages(found, folder, control); });
  if (read) {
    facts.pages = *std::move(read);
  } else if (read.error().is(errors::kStopped)) {
    return std::unexpected{read.error()};
  } else {
    facts.warnings.push_back("The pages of the competition could not be read (" +
                             read.error().detail + "): what they tell is not known.");
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
