#include "services/scraper/bench/scrape_bench.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <optional>
#include <print>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/streams.hpp"
#include "services/scraper/bench/timings.hpp"
#include "tests/contract/prepared_nats.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/process.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::scraper::bench {
namespace {

namespace fs = std::filesystem;
using podium::testing::KaggleStandin;
using podium::testing::PreparedNats;

constexpr int kJobs = 50;
constexpr double kTogetherAim = 1.2;
constexpr std::chrono::seconds kJobMax{60};
constexpr std::chrono::seconds kStopMax{10};
const fs::path kCompetitions = PODIUM_SOURCE_DIR "/competitions";

template <typename Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error{result.error().text()};
  return *std::move(result);
}

class Bench {
 public:
  /// Starts the scraper anew and waits until it works.
  void restart();
  /// A bundled competition under another name, and with other bytes.
  std::string new_competition(const std::string& like);
  /// From the first `requested` to the last `scraped`.
  std::chrono::duration<double> time_of_jobs(const std::string& slug, int count);

 private:
  v1::Event request(const std::string& slug) const;
  std::optional<StoredMessage> scraped(const v1::Event& requested);
  StoredMessage await_scraped(const v1::Event& requested);

  podium::testing::TemporaryFolder folder_;
  KaggleStandin kaggle_;
  PreparedNats nats_;
  std::unique_ptr<Bus> gateway_ = nats_.connect("gateway");
  std::unique_ptr<Bus> admin_ = nats_.connect("admin");
  EventPublisher publisher_{*gateway_, "gateway"};
  std::optional<podium::testing::Process> scraper_;
  int competitions_ = 0;
};

void Bench::restart() {
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

std::string Bench::new_competition(const std::string& like) {
  const auto slug = std::format("{}-{}", like, ++competitions_);
  const auto copy = folder_.path() / slug;
  fs::copy(kCompetitions / like, copy, fs::copy_options::recursive);
  std::ofstream{copy / "data" / "notes.txt"} << slug << '\n';
  kaggle_.change(slug, {{"folder", copy.string()}});
  return slug;
}

v1::Event Bench::request(const std::string& slug) const {
  v1::Event job;
  job.set_job_id(new_uuid_v7(std::chrono::system_clock::now()));
  auto event = event_of(job, "requested", "");
  auto& competition = *event.mutable_requested()->mutable_competition();
  competition.set_slug(slug);
  competition.set_kaggle_url("https://www.kaggle.com/competitions/" + slug);
  return event;
}

std::optional<StoredMessage> Bench::scraped(const v1::Event& requested) {
  auto wanted = event_of(requested, "scraped", "");
  wanted.mutable_scraped();
  return must(admin_->last_message(streams::kJobs, must(subject_of(wanted))));
}

StoredMessage Bench::await_scraped(const v1::Event& requested) {
  std::optional<StoredMessage> told;
  podium::testing::wait_until([&] { return (told = scraped(requested)).has_value(); }, kJobMax);
  if (!told) throw std::runtime_error{"a job was not scraped:\n" + scraper_->output()};
  return *std::move(told);
}

std::chrono::duration<double> Bench::time_of_jobs(const std::string& slug, int count) {
  std::vector<v1::Event> jobs;
  for (int number = 0; number < count; ++number) jobs.push_back(request(slug));
  {
    std::vector<std::jthread> asking;
    for (const auto& job : jobs) {
      asking.emplace_back([this, &job] { must(publisher_.publish(job)); });
    }
  }
  auto first = std::chrono::system_clock::time_point::max();
  auto last = std::chrono::system_clock::time_point::min();
  for (const auto& job : jobs) {
    last = std::max(last, await_scraped(job).time);
    const auto asked = must(admin_->last_message(streams::kJobs, must(subject_of(job))));
    first = std::min(first, asked->time);
  }
  return last - first;
}

void time_stored(Bench& bench, int repetitions) {
  Timings asked_anew;
  Timings told_before;
  const auto slug = bench.new_competition("titanic");
  bench.restart();
  bench.time_of_jobs(slug, 1);
  for (int number = 0; number < repetitions; ++number) {
    bench.restart();
    asked_anew.add(bench.time_of_jobs(slug, 1));
    told_before.add(bench.time_of_jobs(slug, 1));
  }
  std::println("From requested to scraped, data stored, {} times", repetitions);
  print_row("Kaggle asked", asked_anew);
  print_row("told by Kaggle a moment ago", told_before);
  std::println("  (aim: at most 0.150 s)");
}

void time_together(Bench& bench, const std::string& like, int repetitions) {
  Timings alone;
  Timings together;
  for (int number = 0; number < repetitions; ++number) {
    alone.add(bench.time_of_jobs(bench.new_competition(like), 1));
    together.add(bench.time_of_jobs(bench.new_competition(like), kJobs));
  }
  std::println("From requested to scraped, a new competition like {}, {} times", like, repetitions);
  print_row("one job", alone);
  print_row(std::format("{} jobs at once", kJobs), together);
  print_length("time, one job's being 1", together, alone, kTogetherAim);
}

}  // namespace

void time_scrapes(int repetitions) {
  Bench bench;
  time_stored(bench, repetitions);
  for (const auto* like : {"titanic", "diamond-clarity", "nyc-late-arrivals"}) {
    time_together(bench, like, repetitions);
  }
}

}  // namespace podium::scraper::bench
