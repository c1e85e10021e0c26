#include "services/scraper/scrape_stage.hpp"

#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <format>
#include <memory>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/manifest.hpp"
#include "services/scraper/phase_rate.hpp"
#include "services/scraper/place.hpp"
#include "services/scraper/staging_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

/// Stage of a retry that takes over what was scraped; see Requested.from_stage.
constexpr std::string_view kFromSearch = "search";
constexpr std::string_view kBytes = "bytes";

// The detail may quote file names and cells that others wrote.
v1::Event refusal(const v1::Event& requested, const Error& error) {
  const bool is_reason = competition::find_reason(error.code->name) != nullptr;
  const ErrorCode& reason = is_reason ? *error.code : competition::reasons::kScrapeFailed;
  auto event = event_of(requested, "scrape_failed", "");
  auto& failed = *event.mutable_scrape_failed();
  failed.set_reason_code(std::string{reason.name});
  failed.set_message(
      competition::clean_text(is_reason ? error.detail : error.text(), kMessageBytesMax));
  failed.set_next_step(std::string{reason.sentence});
  return event;
}

// Progress is told and forgotten: an id per amount, so that the broker keeps each once.
v1::Event progress(const v1::Event& requested, std::string_view phase, std::uint64_t done,
                   std::uint64_t total) {
  auto event = event_of(requested, "progressed", "");
  event.set_id(std::format("{}/progressed/{}/{}", requested.job_id(), phase, done));
  auto& progressed = *event.mutable_progressed();
  progressed.set_phase(std::string{phase});
  progressed.set_done(done);
  progressed.set_total(total);
  progressed.set_unit(phase == kProfiling ? "rows" : std::string{kBytes});
  return event;
}

std::string summary_of(const v1::CompetitionFacts& facts) {
  const auto& title = facts.title().empty() ? facts.slug() : facts.title();
  return std::format("{}: {} tables, {} rows to predict, judged by {} ({} is better).", title,
                     facts.tables_size(), facts.submission().rows(),
                     facts.metric().name().empty() ? "an unknown metric" : facts.metric().name(),
                     facts.metric().higher_is_better() ? "higher" : "lower");
}

// Told as soon as it is known, not only when the submission is to be sent.
void warn_of_submitting(const v1::Event& requested, v1::Scraped& scraped) {
  const auto mode = requested.requested().options().submit();
  const bool asked = mode == v1::SUBMIT_MODE_BEST || mode == v1::SUBMIT_MODE_MANUAL;
  if (!asked || scraped.door() == v1::COMPETITION_DOOR_KAGGLE) return;
  scraped.add_warnings(
      "Nothing can be submitted to Kaggle: this competition is the bundled one, which is served in "
      "its place while PODIUM_OFFLINE is set.");
}

v1::Event scraped_event(const v1::Event& requested, const v1::CompetitionFacts& facts,
                        const v1::ArtifactRef& stored, std::uint64_t files) {
  auto event = event_of(requested, "scraped", "");
  auto& scraped = *event.mutable_scraped();
  scraped.set_slug(facts.slug());
  scraped.set_title(facts.title());
  scraped.set_door(facts.door());
  *scraped.mutable_metric() = facts.metric();
  scraped.set_summary(summary_of(facts));
  *scraped.mutable_facts() = stored;
  *scraped.mutable_data() = facts.data();
  scraped.set_files(files);
  if (facts.has_deadline()) *scraped.mutable_deadline() = facts.deadline();
  warn_of_submitting(requested, scraped);
  for (const auto& warning : facts.warnings()) {
    if (scraped.warnings_size() == kWarningsMax) break;
    scraped.add_warnings(competition::clean_text(warning, kWarningBytesMax));
  }
  scraped.set_task_kind(facts.task().kind());
  return event;
}

/// True for what the data itself brings about, for whoever fetches it.
bool is_of_the_data(const Error& error) {
  namespace reasons = competition::reasons;
  return error.is(reasons::kDataUnreadable) || error.is(reasons::kArchiveUnsafe) ||
         error.is(reasons::kDataTooLarge) || error.is(reasons::kSubmissionSchemaUnknown);
}

}  // namespace

ScrapeStage::ScrapeStage(CompetitionSource& source, ForeignReader& reader, DataCache& cache,
                         ArtifactStore& artifacts, JobWatch& jobs, ScrapeOptions options)
    : source_{source},
      reader_{reader},
      cache_{cache},
      artifacts_{artifacts},
      jobs_{jobs},
      options_{std::move(options)},
      places_{options_.workers} {}

Result<Events> ScrapeStage::handle(const v1::Event& requested, StageContext& context) {
  if (jobs_.is_over(requested.job_id())) return Events{};
  if (PODIUM_TRY(jobs_.is_scraped(requested))) return Events{};
  if (auto before = PODIUM_TRY(scraped_before(requested, context.stop())))
    return Events{*std::move(before)};
  std::stop_source stop;
  const std::stop_callback service_stops{context.stop(), [&stop] { stop.request_stop(); }};
  FetchControl control;
  control.stop = stop.get_token();
  const auto begun = std::chrono::steady_clock::now();
  PhaseRate rate;
  control.on_progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
    if (jobs_.is_over(requested.job_id())) stop.request_stop();
    const auto now = std::chrono::steady_clock::now();
    const auto per_second = rate.add(phase, done, now);
    if (phase == kWaiting && now - begun < kWaitToldAfter) return;
    auto event = progress(requested, phase, done, total);
    auto& told = *event.mutable_progressed();
    if (told.unit() == kBytes) told.set_bytes_per_second(per_second);
    // Progress is for watchers: when it cannot be told, the work goes on.
    std::ignore = context.emit(event, true);
  };

  auto scraped = scrape(requested, control, context);
  if (scraped) return Events{*std::move(scraped)};
  const auto& error = scraped.error();
  if (error.is(errors::kStopped) && jobs_.is_over(requested.job_id())) return Events{};
  if (error.code->disposition != Disposition::reject) return std::unexpected{error};
  return Events{refusal(requested, error)};
}

Result<std::optional<v1::Event>> ScrapeStage::scraped_before(const v1::Event& requested,
                                                             const std::stop_token& stop) {
  const auto& request = requested.requested();
  if (request.from_stage() != kFromSearch || request.retried_from().empty()) return std::nullopt;
  auto scraped = PODIUM_TRY(jobs_.scraped_of(request.retried_from()));
  if (!scraped) return std::nullopt;
  const auto facts = artifacts_.size(scraped->facts().key());
  if (!facts && facts.error().is(errors::kNotFound)) return std::nullopt;
  if (!facts) return std::unexpected{facts.error()};
  if (!PODIUM_TRY(cache_.use(scraped->data(), requested.job_id(), stop))) return std::nullopt;
  auto event = event_of(requested, "scraped", "");
  *event.mutable_scraped() = *std::move(scraped);
  return event;
}

Result<v1::Event> ScrapeStage::scrape(const v1::Event& requested, const FetchControl& control,
                                      StageContext& context) {
  const auto folder = StagingFolder::new_path(options_.work_folder, requested.job_id());
  const auto packed = folder / "packed";
  Place place{places_};
  std::optional<StagingFolder> staging;
  std::unique_ptr<DataLease> lease;
  auto asking = control;
  asking.is_wanted = [&](const std::optional<DataOffer>& offer) -> Result<bool> {
    if (offer) lease = PODIUM_TRY(cache_.acquire(*offer, requested.job_id(), control));
    if (lease && lease->known() != nullptr) return false;
    PODIUM_TRY(place.take(control));
    staging.emplace(PODIUM_TRY(StagingFolder::make(folder)));
    std::error_code failed;
    fs::create_directory(packed, failed);
    if (failed) return fail(errors::kUnavailable, packed.string() + ": " + failed.message());
    return true;
  };
  const auto fetched = source_.fetch(requested.requested().competition(), packed, asking);
  if (!fetched) {
    if (lease && is_of_the_data(fetched.error())) lease->refuse(fetched.error());
    return std::unexpected{fetched.error()};
  }
  if (lease && lease->known() != nullptr) {
    const auto bytes = lease->known()->data().bytes();
    std::ignore = context.emit(progress(requested, kCached, bytes, bytes));
    auto event = event_of(requested, "scraped", "");
    *event.mutable_scraped() = *lease->known();
    return event;
  }
  auto scraped = read(requested, folder, *fetched, control);
  if (lease && scraped) lease->finish(scraped->scraped());
  if (lease && !scraped && is_of_the_data(scraped.error())) lease->refuse(scraped.error());
  return scraped;
}

Result<v1::Event> ScrapeStage::read(const v1::Event& requested, const fs::path& folder,
                                    const FetchedCompetition& fetched,
                                    const FetchControl& control) {
  const auto& job = requested.job_id();
  auto [facts, tar] = PODIUM_TRY(reader_.read_data(folder, fetched, control));
  // All of it is in the tar, of which the store makes a copy: room for three is room for all.
  for (const auto* part : {"packed", "data"}) {
    std::error_code stays;
    fs::remove_all(folder / part, stays);
  }
  *facts.mutable_data() = PODIUM_TRY(cache_.store(folder / "data.tar", job, control));
  PODIUM_TRY(artifacts_.put_named(job, "", "manifest.json", manifest_of(facts, tar)));
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(facts, &json);
  if (!written.ok()) return fail(errors::kInternal, "the facts cannot be written as JSON");
  const auto stored = PODIUM_TRY(artifacts_.put_named(job, "", "facts.json", json));
  return scraped_event(requested, facts, stored, tar.files.size());
}

}  // namespace podium::scraper
