// Many jobs of one competition on two scrapers, with a real nats-server and what plays Kaggle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/event.hpp"
#include "services/scraper/adapters/bus_job_watch.hpp"
#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/adapters/kaggle_competition_source.hpp"
#include "services/scraper/adapters/key_value_data_cache.hpp"
#include "services/scraper/scrape_stage.hpp"
#include "services/scraper/testing/counting_listener.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
using podium::testing::KaggleStandin;
using podium::testing::wait_until;
using std::chrono::steady_clock;

constexpr auto kPatience = 120s;
constexpr std::uint64_t kFactsReadMax = 1ULL << 30;

/// One scraper: its own connection and work folder; the store is that of all.
class Scraper {
 public:
  Scraper(podium::testing::TestBroker& broker, const KaggleStandin& kaggle, ArtifactStore& store,
          const std::filesystem::path& work, std::chrono::milliseconds told_kept)
      : bus_{broker.connect()},
        jobs_{BusJobWatch::open(*bus_).value()},
        source_{{.endpoint = {.url = kaggle.api_url(),
                              .authorization = Secret{"Bearer " + KaggleStandin::token()}},
                 .storage_hosts = {kaggle.storage_host()},
                 .data_bytes_max = kFactsReadMax,
                 .told_kept = told_kept},
                reader_},
        cache_{bus_->bucket("competition_data").value(), store, *jobs_, 0},
        stage_{source_, reader_, cache_, store, *jobs_, {.work_folder = work}},
        publisher_{*bus_, "scraper"},
        runner_{*bus_,
                publisher_,
                {.name = "scrape", .stream = "JOBS", .durable = "scraper-scrape", .workers = 32},
                std::bind_front(&ScrapeStage::handle, &stage_)} {
    EXPECT_TRUE(runner_.start());
  }

 private:
  std::unique_ptr<Bus> bus_;
  std::unique_ptr<BusJobWatch> jobs_;
  ChildForeignReader reader_{{.program = PODIUM_UNPACK_PROGRAM, .data_bytes_max = kFactsReadMax}};
  KaggleCompetitionSource source_;
  KeyValueDataCache cache_;
  ScrapeStage stage_;
  EventPublisher publisher_;
  StageRunner runner_;
};

class SharingTest : public ::testing::Test {
 protected:
  SharingTest() : store_{open_directory_store(folder_.path() / "store").value()} {
    broker_.make_stream("JOBS", "podium.jobs.>");
    broker_.make_consumer(
        "JOBS", "scraper-scrape",
        R"(, "filter_subject": "podium.jobs.*.requested", "ack_wait": 30000000000)");
    broker_.make_bucket("searches");
    broker_.make_bucket("competition_data");
  }
  /// One that asks Kaggle for each job, if not told otherwise.
  std::unique_ptr<Scraper> scraper(const std::string& name,
                                   std::chrono::milliseconds told_kept = {}) {
    return std::make_unique<Scraper>(broker_, kaggle_, *store_, folder_.path() / name, told_kept);
  }
  std::string request(const std::string& slug = "titanic") {
    v1::Event job;
    job.set_job_id(std::format("0199b2c4-7a31-7000-8000-{:012}", ++requested_));
    auto event = event_of(job, "requested", "");
    auto& competition = *event.mutable_requested()->mutable_competition();
    competition.set_slug(slug);
    competition.set_kaggle_url("https://www.kaggle.com/competitions/" + slug);
    const auto published = publisher_.publish(event);
    EXPECT_TRUE(published) << (published ? "" : published.error().text());
    return event.job_id();
  }
  std::optional<v1::Scraped> scraped_of(const std::string& job) {
    v1::Event wanted;
    wanted.set_job_id(job);
    wanted.mutable_scraped();
    const auto stored = broker_.bus().last_message("JOBS", subject_of(wanted).value()).value();
    if (!stored) return std::nullopt;
    return parse_event(stored->data).value().scraped();
  }
  v1::Scraped wait_for(const std::string& job) {
    std::optional<v1::Scraped> scraped;
    EXPECT_TRUE(wait_until([&] { return (scraped = scraped_of(job)).has_value(); }, kPatience));
    return scraped.value_or(v1::Scraped{});
  }
  /// How long so many jobs take together.
  std::chrono::duration<double> time_of(int count) {
    const auto begun = steady_clock::now();
    std::vector<std::string> jobs;
    for (int number = 0; number < count; ++number) jobs.push_back(request());
    for (const auto& job : jobs) EXPECT_EQ(wait_for(job).slug(), "titanic");
    return steady_clock::now() - begun;
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  KaggleStandin kaggle_;
  podium::testing::TestBroker broker_;
  EventPublisher publisher_{broker_.bus(), "gateway"};
  int requested_ = 0;
};

TEST_F(SharingTest, FiftyJobsOfOneCompetitionAtOnceAreOneDownload) {
  const auto one = scraper("one", kKaggleToldKept);
  const auto two = scraper("two", kKaggleToldKept);
  const auto together = time_of(50);
  EXPECT_EQ(kaggle_.calls_of("DownloadDataFiles"), 1);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 1);
  const auto cached = time_of(1);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 1);
  for (const auto* question : {"GetCompetition", "ListDataFiles", "ListCompetitionPages"}) {
    EXPECT_LE(kaggle_.calls_of(question), 2) << "once a scraper: " << question;
  }
  ASSERT_TRUE(broker_.bus().bucket("competition_data").value()->remove("competition.titanic"));
  const auto alone = time_of(1);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 2);
  std::printf(
      "50 jobs of one competition took %.0f ms, one alone %.0f ms, one of known data %.0f ms\n",
      together.count() * 1e3, alone.count() * 1e3, cached.count() * 1e3);
}

TEST_F(SharingTest, AJobOfAnotherCompetitionDoesNotWaitForTheirs) {
  kaggle_.change("large", {{"synthetic", {{{"name", "train.bin"}, {"bytes", 200'000'000}}}}});
  kaggle_.fault({{"fault", "slow"},
                 {"on", {{"route", "storage.download"}, {"competition", "large"}}},
                 {"bytes_per_second", 1'000'000}});
  const auto one = scraper("one");
  for (int number = 0; number < 10; ++number) request("large");
  ASSERT_TRUE(wait_until([&] { return kaggle_.calls_of("storage.download") == 1; }, kPatience));
  EXPECT_EQ(wait_for(request()).slug(), "titanic");
}

TEST_F(SharingTest, WhatChangesAtKaggleIsFetchedAnew) {
  const auto one = scraper("one");
  const auto before = wait_for(request());
  kaggle_.change("titanic", {{"facts", {{"title", "Another title"}}}});
  const auto after = wait_for(request());
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 2);
  EXPECT_EQ(after.title(), "Another title");
  EXPECT_EQ(after.data().sha256(), before.data().sha256()) << "the bytes are shared all the same";
}

TEST_F(SharingTest, AJobThatMayNotIsRefusedAlthoughTheDataIsThere) {
  const auto one = scraper("one");
  wait_for(request());
  kaggle_.change("titanic", {{"access", "not_entered"}});
  v1::Event wanted;
  wanted.set_job_id(request());
  wanted.mutable_scrape_failed();
  const auto subject = subject_of(wanted).value();
  EXPECT_TRUE(wait_until(
      [&] { return broker_.bus().last_message("JOBS", subject).value().has_value(); }, kPatience));
}

TEST_F(SharingTest, AJobWhoseDataIsElsewhereEndsAndNobodyIsContacted) {
  testing::CountingListener listener;
  kaggle_.fault({{"fault", "foreign_redirect"},
                 {"to", std::format("http://localhost:{}/titanic.zip", listener.port())}});
  const auto one = scraper("one");
  v1::Event wanted;
  wanted.set_job_id(request());
  wanted.mutable_scrape_failed();
  const auto subject = subject_of(wanted).value();
  std::optional<StoredMessage> told;
  ASSERT_TRUE(wait_until(
      [&] { return (told = broker_.bus().last_message("JOBS", subject).value()).has_value(); },
      kPatience));
  const auto failed = parse_event(told->data)->scrape_failed();
  EXPECT_EQ(failed.reason_code(), "SCRAPE_FAILED");
  EXPECT_THAT(failed.message(), ::testing::HasSubstr("localhost:" + listener.port()));
  EXPECT_EQ(listener.count(), 0);
}

}  // namespace
}  // namespace podium::scraper
