#include "services/scraper/bench/scrape_world.hpp"

#include <algorithm>
#include <csignal>
#include <format>
#include <fstream>
#include <future>
#include <stdexcept>
#include <vector>

#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/streams.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::scraper::bench {
namespace {

namespace fs = std::filesystem;
using podium::testing::KaggleStandin;
using podium::testing::PreparedNats;

constexpr std::chrono::seconds kStopMax{10};
const fs::path kCompetitions = PODIUM_SOURCE_DIR "/competitions";

template <typename Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error{result.error().text()};
  return *std::move(result);
}

}  // namespace

void ScrapeWorld::restart() {
  if (scraper_) {
    scraper_->signal(SIGTERM);
    scraper_->wait(kStopMax);
  }
  scraper_.emplace(podium::testing::ProcessOptions{
      .command = {PODIUM_SCRAPER_PROGRAM},
      .environment = {{"NATS_URL", nats_.url()},
                      {"NATS_USER", "scraper"},
                      {"NATS_PASSWORD", PreparedNats::password_of("scraper")},
                      {"PODIUM_ARTIFACTS", (folder_.path() / "artifacts").string()},
                      {"PODIUM_HEALTH_PORT", "0"},
                      {"OTEL_SDK_DISABLED", "true"},
                      {"PODIUM_KAGGLE_URL", kaggle_.api_url()},
                      {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle_.storage_host()},
                      {"KAGGLE_API_TOKEN", KaggleStandin::token()}},
      .user = std::nullopt,
      .output = folder_.path() / "scraper.log"});
  time_of_jobs("tiny-digits", 1);
}

std::string ScrapeWorld::new_competition(const std::string& like) {
  const auto slug = std::format("{}-{}", like, ++competitions_);
  const auto copy = folder_.path() / slug;
  fs::copy(kCompetitions / like, copy, fs::copy_options::recursive);
  std::ofstream{copy / "data" / "notes.txt"} << slug << '\n';
  add_competition(slug, copy);
  return slug;
}

void ScrapeWorld::add_competition(const std::string& slug, const fs::path& folder) {
  kaggle_.change(slug, {{"folder", folder.string()}});
}

void ScrapeWorld::slow_kaggle(std::chrono::milliseconds wait) {
  kaggle_.fault({{"fault", "slow_first_byte"},
                 {"on", {{"listener", "*"}}},
                 {"seconds", std::chrono::duration<double>{wait}.count()}});
}

v1::Event ScrapeWorld::request(const std::string& slug) const {
  v1::Event job;
  job.set_job_id(new_uuid_v7(std::chrono::system_clock::now()));
  auto event = event_of(job, "requested", "");
  auto& competition = *event.mutable_requested()->mutable_competition();
  competition.set_slug(slug);
  competition.set_kaggle_url("https://www.kaggle.com/competitions/" + slug);
  return event;
}

std::optional<StoredMessage> ScrapeWorld::scraped(const v1::Event& requested) {
  auto wanted = event_of(requested, "scraped", "");
  wanted.mutable_scraped();
  if (auto told = must(admin_->last_message(streams::kJobs, must(subject_of(wanted))))) return told;
  wanted.mutable_scrape_failed();
  const auto refused = must(admin_->last_message(streams::kJobs, must(subject_of(wanted))));
  if (!refused) return std::nullopt;
  const auto reason = must(parse_event(refused->data)).scrape_failed();
  throw std::runtime_error{
      std::format("a job was not scraped: {}: {}", reason.reason_code(), reason.message())};
}

StoredMessage ScrapeWorld::await_scraped(const v1::Event& requested, std::chrono::seconds longest) {
  std::optional<StoredMessage> told;
  podium::testing::wait_until([&] { return (told = scraped(requested)).has_value(); }, longest);
  if (!told) throw std::runtime_error{"a job is not scraped yet:\n" + scraper_->output()};
  return *std::move(told);
}

std::chrono::duration<double> ScrapeWorld::time_of_jobs(const std::string& slug, int count,
                                                        std::chrono::seconds longest) {
  std::vector<v1::Event> jobs;
  for (int number = 0; number < count; ++number) jobs.push_back(request(slug));
  std::vector<std::future<Result<Published>>> asking;
  for (const auto& job : jobs) {
    asking.push_back(
        std::async(std::launch::async, [this, &job] { return publisher_.publish(job); }));
  }
  for (auto& asked : asking) must(asked.get());
  auto first = std::chrono::system_clock::time_point::max();
  auto last = std::chrono::system_clock::time_point::min();
  for (const auto& job : jobs) {
    last = std::max(last, await_scraped(job, longest).time);
    const auto asked = must(admin_->last_message(streams::kJobs, must(subject_of(job))));
    first = std::min(first, asked->time);
  }
  return last - first;
}

}  // namespace podium::scraper::bench
