// The adapter against the Kaggle stand-in, which Kaggle's own client accepts.
#include "services/scraper/adapters/kaggle_competition_source.hpp"

#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/testing/counting_listener.hpp"
#include "tests/support/kaggle_standin.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint64_t kBytesMax = 1ULL << 30;

class KaggleSource : public ::testing::Test {
 protected:
  KaggleSource() { fs::create_directories(packed()); }
  fs::path packed() const { return folder_.path() / "packed"; }

  KaggleOptions options() const {
    return {
        .endpoint = {.url = kaggle_.api_url(),
                     .authorization = Secret{"Bearer " + podium::testing::KaggleStandin::token()}},
        .storage_hosts = {kaggle_.storage_host()},
        .data_bytes_max = kBytesMax};
  }
  Result<FetchedCompetition> fetch(const std::string& slug, const KaggleOptions& options,
                                   const FetchControl& control = {}) {
    v1::CompetitionRequest request;
    request.set_slug(slug);
    request.set_kaggle_url("https://www.kaggle.com/competitions/" + slug);
    // Waits are told and not waited for.
    KaggleCompetitionSource source{
        options, reader_, [this](std::chrono::milliseconds wait, const std::stop_token& stop) {
          waits_.push_back(wait);
          return !stop.stop_requested();
        }};
    return source.fetch(request, packed(), control);
  }
  Result<FetchedCompetition> fetch(const std::string& slug = "titanic") {
    return fetch(slug, options());
  }
  /// The reason of a refusal.
  std::string_view reason_for(const std::string& slug = "titanic") {
    const auto refused = fetch(slug);
    EXPECT_FALSE(refused);
    return refused ? "" : refused.error().code->name;
  }
  /// What the whole scrape makes of it.
  Result<v1::CompetitionFacts> read(const FetchedCompetition& fetched) {
    return reader_.read_data(folder_.path(), fetched, {}).transform([](auto read) {
      return std::move(read.facts);
    });
  }

  podium::testing::KaggleStandin kaggle_;
  podium::testing::TemporaryFolder folder_;
  ChildForeignReader reader_{{.program = PODIUM_UNPACK_PROGRAM, .data_bytes_max = kBytesMax}};
  std::vector<std::chrono::milliseconds> waits_;
};

TEST_F(KaggleSource, ACompetitionComesWithFactsPagesAndData) {
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_EQ(fetched->door, v1::COMPETITION_DOOR_KAGGLE);
  EXPECT_EQ(fetched->told.slug, "titanic");
  EXPECT_FALSE(fetched->told.title.empty());
  EXPECT_FALSE(fetched->told.pages.empty());
  const auto facts = read(*fetched);
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_EQ(facts->metric().key(), "accuracy");
  EXPECT_EQ(facts->submission().rows(), 419U);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 1);
  EXPECT_EQ(kaggle_.counts().at("leaks"), 0);
}

TEST_F(KaggleSource, PagesInHtmlTellTheSame) {
  kaggle_.change("titanic", {{"pages", "html"}});
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().text();
  ASSERT_FALSE(fetched->told.pages.empty());
  for (const auto& page : fetched->told.pages) {
    EXPECT_FALSE(page.text().contains("</p>")) << page.text();
  }
}

TEST_F(KaggleSource, WhatOnlyAPersonCanDoIsToldAtOnce) {
  kaggle_.change("titanic", {{"access", "not_entered"}});
  EXPECT_EQ(reason_for(), "KAGGLE_NOT_ENTERED");
  kaggle_.change("titanic", {{"access", "rules_not_accepted"}});
  const auto refused = fetch();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail,
              HasSubstr("https://www.kaggle.com/competitions/titanic/rules"));
  EXPECT_EQ(kaggle_.calls_of("DownloadDataFiles"), 0) << "found before the download";
  EXPECT_EQ(reason_for("no-such-competition"), "COMPETITION_NOT_FOUND");
}

TEST_F(KaggleSource, RulesThatAreAcceptedMeanwhileAreSeenAtOnce) {
  KaggleCompetitionSource source{options(), reader_};
  v1::CompetitionRequest request;
  request.set_slug("titanic");
  const FetchControl known{.stop = {}, .is_wanted = [](const auto&) { return false; }};
  kaggle_.change("titanic", {{"access", "rules_not_accepted"}});
  EXPECT_FALSE(source.fetch(request, packed(), known));
  kaggle_.change("titanic", {{"access", "entered"}});
  EXPECT_TRUE(source.fetch(request, packed(), known));
  const auto asked = kaggle_.calls_of("GetCompetition");
  EXPECT_TRUE(source.fetch(request, packed(), known));
  EXPECT_EQ(kaggle_.calls_of("GetCompetition"), asked) << "what was told is kept for a while";
}

TEST_F(KaggleSource, NoMoreCompetitionsAreAskedAboutAtOnceThanThereAreWorkers) {
  auto of_one = options();
  of_one.workers = 1;
  KaggleCompetitionSource source{of_one, reader_};
  const FetchControl known{.stop = {}, .is_wanted = [](const auto&) { return false; }};
  kaggle_.fault({{"fault", "slow_first_byte"}, {"on", {{"listener", "api"}}}, {"seconds", 0.05}});
  std::vector<std::jthread> jobs;
  for (const auto* slug : {"titanic", "tiny-digits", "diamond-clarity"}) {
    jobs.emplace_back([&, slug] {
      v1::CompetitionRequest request;
      request.set_slug(slug);
      EXPECT_TRUE(source.fetch(request, packed(), known)) << slug;
    });
  }
  jobs.clear();
  EXPECT_EQ(kaggle_.counts().at("in_flight_max"), 1);
}

TEST_F(KaggleSource, WrongCredentialsAreTold) {
  auto wrong = options();
  wrong.endpoint.authorization = Secret{"Bearer KGAT_wrong"};
  const auto refused = fetch("titanic", wrong);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleAuth));
  EXPECT_FALSE(refused.error().detail.contains("KGAT_wrong"));
}

TEST_F(KaggleSource, NotebooksOnlyIsAWarning) {
  kaggle_.change("titanic", {{"facts", {{"isKernelsSubmissionsOnly", true}}}});
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().text();
  ASSERT_EQ(fetched->told.warnings.size(), 1U);
  EXPECT_THAT(read(*fetched)->warnings(0),
              AllOf(HasSubstr("KAGGLE_CODE_ONLY"), HasSubstr("notebooks only"),
                    HasSubstr("https://www.kaggle.com/competitions/titanic/code")));
}

TEST_F(KaggleSource, MoreDataThanTheLimitIsFoundBeforeTheDownload) {
  auto small = options();
  small.data_bytes_max = 1'000;
  const auto refused = fetch("titanic", small);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kDataTooLarge));
  EXPECT_THAT(refused.error().detail, HasSubstr("PODIUM_DATA_BYTES_MAX"));
  EXPECT_EQ(kaggle_.calls_of("DownloadDataFiles"), 0);
}

TEST_F(KaggleSource, MoreDataThanTheDiskHasRoomForIsFoundBeforeTheDownload) {
  constexpr std::uint64_t kMoreThanAnyDisk = 1ULL << 53;
  kaggle_.change("huge", {{"synthetic", {{{"name", "train.bin"}, {"bytes", kMoreThanAnyDisk}}}}});
  auto large = options();
  large.data_bytes_max = kMoreThanAnyDisk;
  const auto refused = fetch("huge", large);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kDiskTooSmall)) << refused.error().text();
  EXPECT_EQ(kaggle_.calls_of("DownloadDataFiles"), 0);
}

TEST_F(KaggleSource, AnOutageIsNotAskedUnderEveryName) {
  kaggle_.fault({{"fault", "unavailable"}, {"on", {{"listener", "api"}}}});
  v1::CompetitionRequest request;
  request.set_slug("titanic");
  request.set_kaggle_url("https://www.kaggle.com/competitions/Titanic");
  KaggleCompetitionSource source{options(), reader_, [](auto, const auto&) { return true; }};
  const auto refused = source.fetch(request, packed(), {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
  EXPECT_EQ(kaggle_.calls_of("GetCompetition"), kKaggleTriesMax);
  EXPECT_EQ(kaggle_.calls_of("ListCompetitions"), kKaggleTriesMax);
}

TEST_F(KaggleSource, RateLimitsAreWaitedFor) {
  kaggle_.fault({{"fault", "rate_limited"},
                 {"on", {{"route", "DownloadDataFiles"}}},
                 {"times", 2},
                 {"retry_after", 3}});
  ASSERT_TRUE(fetch());
  EXPECT_EQ(waits_, (std::vector<std::chrono::milliseconds>(2, std::chrono::seconds{3})));
}

TEST_F(KaggleSource, ADayOfTroubleIsGotThrough) {
  kaggle_.fault(json::array(
      {{{"fault", "server_error"}, {"on", {{"listener", "api"}}}, {"times", 2}},
       {{"fault", "dropped"}, {"on", {{"listener", "api"}}}, {"times", 1}},
       {{"fault", "expired_signature"}, {"on", {{"route", "DownloadDataFiles"}}}, {"times", 1}}}));
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_TRUE(read(*fetched));
}

TEST_F(KaggleSource, ADownloadThatIsCutGoesOnWhereItStopped) {
  kaggle_.change("made-up", {{"synthetic", {{{"name", "train.bin"}, {"bytes", 20'000'000}}}}});
  kaggle_.fault(
      {{"fault", "cut"}, {"on", {{"route", "storage.download"}}}, {"times", 3}, {"at", 0.4}});
  const auto fetched = fetch("made-up");
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 4);
  EXPECT_EQ(kaggle_.calls_of("DownloadDataFiles"), 1) << "downloads are counted strictly";
}

TEST_F(KaggleSource, DamagedDataIsNotBelieved) {
  kaggle_.fault({{"fault", "corrupt"}, {"on", {{"route", "storage.download"}}}});
  EXPECT_EQ(reason_for(), "SCRAPE_FAILED");
}

TEST_F(KaggleSource, AWebPageInPlaceOfTheDataIsTold) {
  kaggle_.fault({{"fault", "html"}, {"on", {{"route", "storage.download"}}}});
  EXPECT_EQ(reason_for(), "KAGGLE_NOT_ENTERED");
}

TEST_F(KaggleSource, NoOtherHostIsEverContacted) {
  kaggle_.fault({{"fault", "foreign_redirect"}, {"on", {{"route", "DownloadDataFiles"}}}});
  EXPECT_EQ(reason_for(), "SCRAPE_FAILED");
  EXPECT_FALSE(kaggle_.counts().at("by_listener").contains("foreign"));
}

TEST_F(KaggleSource, WhatARequestOrAPageNamesIsNotContacted) {
  testing::CountingListener listener;
  const auto host = "127.0.0.1:" + listener.port();
  const auto page = std::format(
      "<!DOCTYPE html SYSTEM \"http://{0}/a.dtd\"><html><head><base href=\"http://{0}/\">"
      "<link rel=stylesheet href=a.css><script src=\"//{0}/a.js\"></script></head><body>"
      "<img src=\"http://{0}/a.png\"><iframe src=\"http://{0}/\"></iframe>"
      "<a href=\"http://{0}/data.zip\">the data</a> ![x](http://{0}/x.png)</body></html>",
      host);
  kaggle_.change("titanic", {{"extra_pages",
                              {{{"name", "more"}, {"content", page}, {"mimeType", "text/html"}}}},
                             {"facts", {{"url", "http://" + host + "/"}}}});
  KaggleCompetitionSource source{options(), reader_};
  for (const auto* url :
       {"https://kaggle.com@{}/competitions/titanic", "http://{}/competitions/titanic",
        "https://kaggle.com.{}/c/titanic", "http://www.kaggle.com:80@{}/c/titanic", "//{}/"}) {
    v1::CompetitionRequest request;
    request.set_slug("titanic");
    request.set_kaggle_url(std::vformat(url, std::make_format_args(host)));
    fs::remove_all(packed());
    fs::create_directories(packed());
    const auto fetched = source.fetch(request, packed(), {});
    ASSERT_TRUE(fetched) << "the slug alone names it: " << fetched.error().text();
    EXPECT_TRUE(read(*fetched));
  }
  EXPECT_EQ(listener.count(), 0);
}

TEST_F(KaggleSource, AFifthOfAllCallsFailingIsGotThrough) {
  kaggle_.fault(
      {{"fault", "unavailable"}, {"on", {{"listener", "*"}}}, {"share", 0.2}, {"seed", 11}});
  for (const auto* slug : {"titanic", "tiny-digits", "diamond-clarity"}) {
    fs::remove_all(packed());
    fs::create_directories(packed());
    EXPECT_TRUE(fetch(slug)) << slug;
  }
}

TEST_F(KaggleSource, ProgressIsToldWhileALargeFileComes) {
  constexpr std::uint64_t kBytes = 300'000'000;
  kaggle_.change("large", {{"synthetic", {{{"name", "train.bin"}, {"bytes", kBytes}}}}});
  std::uint64_t newest = 0;
  FetchControl control;
  control.on_progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(phase, "fetching");
    EXPECT_GE(done, newest);
    EXPECT_LE(done, total);
    newest = done;
  };
  ASSERT_TRUE(fetch("large", options(), control));
  EXPECT_GT(newest, 0U);
}

std::uint64_t peak_bytes(int whose) {
  rusage used{};
  getrusage(whose, &used);
  return static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
}

TEST_F(KaggleSource, MemoryStaysFlatHoweverLargeTheDataIs) {
  constexpr std::uint64_t kBytes = 500'000'000;
  constexpr std::uint64_t kGrowthMax = 32ULL << 20;
  kaggle_.change("large", {{"synthetic", {{{"name", "train.bin"}, {"bytes", kBytes}}}}});
  ASSERT_TRUE(fetch());
  const auto before = peak_bytes(RUSAGE_SELF);
  // Of all children so far, what played Kaggle in other tests included; one that is just begun has
  // this process's memory.
  const auto children_before = peak_bytes(RUSAGE_CHILDREN);
  fs::remove_all(packed());
  fs::create_directories(packed());
  const auto fetched = fetch("large");
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_LT(peak_bytes(RUSAGE_SELF), before + kGrowthMax);
  // There is no sample to be found in it; it is unpacked and looked through all the same.
  EXPECT_TRUE(read(*fetched).error().is(reasons::kSubmissionSchemaUnknown));
  EXPECT_LT(peak_bytes(RUSAGE_SELF), before + kGrowthMax);
  EXPECT_LT(peak_bytes(RUSAGE_CHILDREN),
            std::max(children_before + kGrowthMax, std::uint64_t{128} << 20));
  std::printf("%.1f GB: the scraper's peak is %.0f MiB (%.0f before), podium-unpack's %.0f MiB\n",
              static_cast<double>(kBytes) / 1e9,
              static_cast<double>(peak_bytes(RUSAGE_SELF)) / 0x1p20,
              static_cast<double>(before) / 0x1p20,
              static_cast<double>(peak_bytes(RUSAGE_CHILDREN)) / 0x1p20);
}

/// Small competitions of many shapes, all of the same task. See tests/standins/kaggle/shapes.py.
struct Shape {
  std::string name;
  /// Why it cannot be had; empty when it can.
  std::string reason = {};
  /// Of what is told of what was made of its files.
  std::string told = {};
};

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << shape.name;
}

class KaggleShapes : public KaggleSource, public ::testing::WithParamInterface<Shape> {};

TEST_P(KaggleShapes, IsUnderstoodOrSaysWhyNot) {
  const auto& shape = GetParam();
  const auto shapes = folder_.path() / "shapes";
  podium::testing::ProcessOptions make;
  make.command = {"python3", "-m", "standins.kaggle.shapes", shapes.string(), shape.name};
  make.environment = {{"PYTHONPATH", std::string{PODIUM_SOURCE_DIR} + "/tests"},
                      {"PYTHONDONTWRITEBYTECODE", "1"}};
  make.output = folder_.path() / "shapes.log";
  podium::testing::Process maker{std::move(make)};
  ASSERT_EQ(maker.wait(std::chrono::seconds{60}), 0) << maker.output();
  kaggle_.change(shape.name, {{"folder", (shapes / shape.name).string()}});

  const auto begun = std::chrono::steady_clock::now();
  auto facts = fetch(shape.name).and_then([this](const auto& fetched) { return read(fetched); });
  if (shape.name == "zip-bomb") {
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
  }
  if (!facts) {
    EXPECT_EQ(facts.error().code->name, shape.reason) << facts.error().detail;
    return;
  }
  ASSERT_EQ(shape.reason, "") << facts->DebugString();
  EXPECT_EQ(facts->submission().rows(), 30U);
  if (shape.told.empty()) EXPECT_THAT(facts->warnings(), ::testing::IsEmpty());
  if (!shape.told.empty()) {
    EXPECT_THAT(facts->warnings(), ::testing::Contains(HasSubstr(shape.told)));
  }
  EXPECT_FALSE(facts->task().train_path().empty());
  EXPECT_EQ(facts->task().target_columns(0), "label");
}

INSTANTIATE_TEST_SUITE_P(
    All, KaggleShapes,
    ::testing::Values(
        Shape{"plain-tables"},
        Shape{"other-names", "", "answer_format.csv is taken for the sample submission"},
        Shape{"several-archives"}, Shape{"nested-zips"}, Shape{"gzip-files"}, Shape{"tar-archives"},
        Shape{"seven-zips"}, Shape{"parquet-files", "", "Turned into CSV tables: "},
        Shape{"json-files", "", "Turned into CSV tables: "}, Shape{"picture-folders"},
        Shape{"class-folders", "", "the labels are the names of the folders in "},
        Shape{"sound-folders"}, Shape{"rows-in-parts", "", "is one table of 3 files"},
        Shape{"cut-archives"}, Shape{"tables-to-join"}, Shape{"halves-to-join"},
        Shape{"features-by-id"}, Shape{"no-test-file"},
        Shape{"no-sample", "", "sample_submission.csv was made of "},
        Shape{"nothing-to-answer", "SUBMISSION_SCHEMA_UNKNOWN"},
        Shape{"several-samples", "", "is taken for the sample submission, not "},
        Shape{"other-order"}, Shape{"odd-names"},
        Shape{"odd-encodings", "", "train.csv is not UTF-8"},
        Shape{"paths-outside", "ARCHIVE_UNSAFE"}, Shape{"links", "ARCHIVE_UNSAFE"},
        Shape{"zip-bomb", "ARCHIVE_UNSAFE"}, Shape{"torn-archive", "DATA_UNREADABLE"}),
    [](const auto& info) {
      auto name = info.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace podium::scraper
