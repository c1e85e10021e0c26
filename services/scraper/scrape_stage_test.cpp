#include "services/scraper/scrape_stage.hpp"

#include <google/protobuf/util/json_util.h>

#include <format>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/adapters/catalogue_competition_source.hpp"
#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/archive_extraction.hpp"
#include "services/scraper/testing/archives.hpp"
#include "services/scraper/testing/fake_jobs.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

constexpr const char* kJob = "0199b2c4-7a31-7000-8000-000000000001";

class FakeContext final : public StageContext {
 public:
  Result<void> emit(const v1::Event& event, bool rate_limited) override {
    EXPECT_EQ(rate_limited, event.progressed().phase() != kCached);
    emitted.push_back(event);
    return {};
  }
  std::stop_token stop() const override { return stopping.get_token(); }
  std::string traceparent() const override { return ""; }
  std::uint64_t sequence() const override { return 1; }
  std::uint64_t deliveries() const override { return 1; }

  std::vector<v1::Event> emitted;
  std::stop_source stopping;
};

// Knows what a test says, and whether it was told anything.
class FakeCache final : public DataCache {
 public:
  explicit FakeCache(ArtifactStore& store) : store_{store} {}

  class Lease final : public DataLease {
   public:
    explicit Lease(FakeCache& cache) : cache_{cache} {}
    const v1::Scraped* known() const override { return cache_.known ? &*cache_.known : nullptr; }
    void finish(const v1::Scraped& scraped) override { cache_.finished = scraped; }
    void refuse(const Error& reason) override { cache_.refused = reason; }

   private:
    FakeCache& cache_;
  };

  Result<std::unique_ptr<DataLease>> acquire(const DataOffer&, const std::string& job_id,
                                             const FetchControl&) override {
    EXPECT_EQ(job_id, kJob);
    return std::make_unique<Lease>(*this);
  }
  Result<bool> use(const v1::ArtifactRef& data, const std::string& job_id,
                   const std::stop_token&) override {
    used_by = job_id;
    return store_.size(data.key()).has_value();
  }
  Result<v1::ArtifactRef> store(const fs::path& tar, const std::string&,
                                const FetchControl&) override {
    return store_.put_content_file(tar);
  }

  std::optional<v1::Scraped> known;
  std::optional<v1::Scraped> finished;
  std::optional<Error> refused;
  std::string used_by;

 private:
  ArtifactStore& store_;
};

// Gives what a test put there, or the error that it asked for.
class FakeSource final : public CompetitionSource {
 public:
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest&, const fs::path& folder,
                                   const FetchControl& control) override {
    ++calls;
    if (error) return std::unexpected{*error};
    std::optional<DataOffer> offer;
    if (offers) offer = {"mine", "1", "1"};
    if (!PODIUM_TRY(control.is_wanted(offer))) return FetchedCompetition{};
    for (const auto& [name, text] : files) std::ofstream{folder / name, std::ios::binary} << text;
    return fetched;
  }

  int calls = 0;
  /// Has data that jobs may share.
  bool offers = false;
  std::optional<Error> error;
  std::map<std::string, std::string> files;
  FetchedCompetition fetched;
};

class ScrapeStageTest : public ::testing::Test {
 protected:
  ScrapeStageTest() : store_{open_directory_store(folder_.path() / "store").value()} {
    requested_.set_job_id(kJob);
    requested_.mutable_requested()->mutable_competition()->set_slug("mine");
    source_.fetched.told.slug = "mine";
    source_.files = {{"sample_submission.csv", "id,y\n3,0\n4,0\n"},
                     {"test.csv", "id,x\n3,a\n4,b\n"},
                     {"train.csv", "id,x,y\n1,a,0\n2,b,1\n"}};
  }
  Result<Events> handle(CompetitionSource& source) {
    ScrapeStage stage{source, reader_, cache_, *store_, jobs_, {folder_.path() / "work"}};
    return stage.handle(requested_, context_);
  }
  v1::Event handled(CompetitionSource& source) {
    const auto events = handle(source);
    if (!events || events->size() != 1) {
      ADD_FAILURE() << (events ? "no event" : events.error().text());
      return {};
    }
    return events->front();
  }
  v1::CompetitionFacts facts_of(const v1::Scraped& scraped) const {
    const auto json = store_->get(scraped.facts().key(), 1 << 24).value();
    v1::CompetitionFacts facts;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &facts).ok());
    return facts;
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  FakeSource source_;
  ChildForeignReader reader_{{.program = PODIUM_UNPACK_PROGRAM}};
  FakeCache cache_{*store_};
  testing::FakeJobs jobs_;
  FakeContext context_;
  v1::Event requested_;
};

TEST_F(ScrapeStageTest, SaysWhatTheCompetitionIs) {
  source_.fetched.told.metric_name = "Categorization Accuracy";
  source_.fetched.door = v1::COMPETITION_DOOR_FOLDER;
  const auto event = handled(source_);
  EXPECT_EQ(event.job_id(), kJob);
  const auto& scraped = event.scraped();
  EXPECT_EQ(scraped.slug(), "mine");
  EXPECT_EQ(scraped.door(), v1::COMPETITION_DOOR_FOLDER);
  EXPECT_EQ(scraped.metric().key(), "accuracy");
  EXPECT_EQ(scraped.task_kind(), v1::TASK_KIND_BINARY);
  EXPECT_EQ(scraped.files(), 3U);
  EXPECT_THAT(scraped.summary(), HasSubstr("2 rows to predict"));
  const auto facts = facts_of(scraped);
  EXPECT_EQ(facts.data().key(), "sha256/" + facts.data().sha256());
  EXPECT_EQ(facts.files(0).sha256().size(), 64U);
  EXPECT_EQ(facts.submission().id_column(), "id");
}

TEST_F(ScrapeStageTest, StoresTheDataAsOneTarAndAManifest) {
  const auto scraped = handled(source_).scraped();
  const auto tar = folder_.path() / "back.tar";
  std::ofstream{tar, std::ios::binary} << store_->get(scraped.data().key(), 1 << 24).value();
  const FetchControl control;
  UnpackAccount account{{.bytes_max = 1 << 24, .packed_bytes = 1 << 24}, control};
  ASSERT_TRUE(extract_archive(tar, folder_.path() / "back", account));
  EXPECT_EQ(testing::files_below(folder_.path() / "back"), source_.files);
  EXPECT_THAT(store_->get(std::format("{}/manifest.json", kJob), 1 << 20).value(),
              HasSubstr(scraped.data().sha256()));
}

TEST_F(ScrapeStageTest, ARepeatGivesTheSameEvent) {
  auto first = handled(source_);
  auto second = handled(source_);
  first.clear_time();
  second.clear_time();
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_TRUE(fs::is_empty(folder_.path() / "work"));
}

TEST_F(ScrapeStageTest, WhatIsScrapedAlreadyIsNotScrapedAgain) {
  jobs_.scraped = true;
  EXPECT_THAT(handle(source_).value(), ElementsAre());
  EXPECT_EQ(source_.calls, 0);
}

TEST_F(ScrapeStageTest, ARetryFromTheSearchOnTakesOverWhatWasScraped) {
  const auto first = handled(source_);
  jobs_.earlier["first"] = first.scraped();
  requested_.set_job_id("0199b2c4-7a31-7000-8000-000000000002");
  requested_.mutable_requested()->set_retried_from("first");
  requested_.mutable_requested()->set_from_stage("search");
  const auto again = handled(source_);
  EXPECT_EQ(source_.calls, 1);
  EXPECT_EQ(again.job_id(), requested_.job_id());
  EXPECT_EQ(cache_.used_by, requested_.job_id()) << "its data stays";
  EXPECT_EQ(again.scraped().SerializeAsString(), first.scraped().SerializeAsString());
}

TEST_F(ScrapeStageTest, ARetryScrapesAnewWhereNothingIsKeptOrItIsAskedTo) {
  auto& request = *requested_.mutable_requested();
  request.set_retried_from("first");
  request.set_from_stage("search");
  EXPECT_TRUE(handled(source_).has_scraped());
  EXPECT_EQ(source_.calls, 1);
  v1::Scraped gone = handled(source_).scraped();
  gone.mutable_data()->set_key("sha256/" + std::string(64, '0'));
  jobs_.earlier["first"] = gone;
  EXPECT_TRUE(handled(source_).has_scraped());
  EXPECT_EQ(source_.calls, 3);
  jobs_.earlier["first"] = handled(source_).scraped();
  request.set_from_stage("scraping");
  EXPECT_TRUE(handled(source_).has_scraped());
  EXPECT_EQ(source_.calls, 5);
}

TEST_F(ScrapeStageTest, WhatAnotherJobFetchedIsTakenOverAndTold) {
  const auto first = handled(source_).scraped();
  source_.offers = true;
  cache_.known = first;
  context_.emitted.clear();
  const auto event = handled(source_);
  EXPECT_EQ(event.scraped().SerializeAsString(), first.SerializeAsString());
  ASSERT_EQ(context_.emitted.size(), 1U);
  EXPECT_EQ(context_.emitted[0].progressed().phase(), kCached);
  EXPECT_EQ(context_.emitted[0].progressed().total(), first.data().bytes());
  EXPECT_TRUE(fs::is_empty(folder_.path() / "work"));
}

TEST_F(ScrapeStageTest, WhatWasFetchedIsToldToTheJobsThatWait) {
  source_.offers = true;
  const auto scraped = handled(source_).scraped();
  ASSERT_TRUE(cache_.finished);
  EXPECT_EQ(cache_.finished->SerializeAsString(), scraped.SerializeAsString());
  EXPECT_FALSE(cache_.refused);
}

TEST_F(ScrapeStageTest, DataThatCannotBeUsedIsToldToTheJobsThatWait) {
  source_.offers = true;
  source_.files.erase("sample_submission.csv");
  source_.files.erase("test.csv");
  EXPECT_TRUE(handled(source_).has_scrape_failed());
  ASSERT_TRUE(cache_.refused);
  EXPECT_EQ(cache_.refused->code->name, "SUBMISSION_SCHEMA_UNKNOWN");
}

TEST_F(ScrapeStageTest, AJobThatIsOverIsNotScraped) {
  jobs_.over_after = 0;
  EXPECT_THAT(handle(source_).value(), ElementsAre());
  EXPECT_EQ(source_.calls, 0);
}

TEST_F(ScrapeStageTest, AJobThatIsCancelledMeanwhileEndsInSilence) {
  jobs_.over_after = 1;
  EXPECT_THAT(handle(source_).value(), ElementsAre());
  EXPECT_EQ(source_.calls, 1);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "work"));
}

TEST_F(ScrapeStageTest, AServiceThatStopsHandsTheWorkBack) {
  context_.stopping.request_stop();
  const auto events = handle(source_);
  ASSERT_FALSE(events);
  EXPECT_TRUE(events.error().is(errors::kStopped));
}

TEST_F(ScrapeStageTest, ARefusalIsAnEventWithReasonAndNextStep) {
  source_.error = Error{&competition::reasons::kKaggleAuth, "no credentials \x1B[31m\xFF"};
  const auto failed = handled(source_).scrape_failed();
  EXPECT_EQ(failed.reason_code(), "KAGGLE_AUTH");
  EXPECT_EQ(failed.message(), "no credentials [31m\xC3\xBF");
  EXPECT_THAT(failed.next_step(), HasSubstr("podium run ./folder"));
}

TEST_F(ScrapeStageTest, AnErrorThatIsNoReasonOfTheDomainIsScrapeFailed) {
  source_.error = Error{&errors::kTooLarge, "the answer"};
  const auto failed = handled(source_).scrape_failed();
  EXPECT_EQ(failed.reason_code(), "SCRAPE_FAILED");
  EXPECT_EQ(failed.message(), "TOO_LARGE: the answer");
}

TEST_F(ScrapeStageTest, ABrokenWorldIsAnErrorToBeTriedAgain) {
  source_.error = Error{&errors::kUnavailable, "the disk"};
  const auto events = handle(source_);
  ASSERT_FALSE(events);
  EXPECT_TRUE(events.error().is(errors::kUnavailable));
}

TEST_F(ScrapeStageTest, WithoutASampleItSaysSo) {
  source_.files.erase("sample_submission.csv");
  source_.files.erase("test.csv");
  EXPECT_EQ(handled(source_).scrape_failed().reason_code(), "SUBMISSION_SCHEMA_UNKNOWN");
}

TEST_F(ScrapeStageTest, AMissingSampleIsMadeOfTrainAndTest) {
  source_.files.erase("sample_submission.csv");
  const auto scraped = handled(source_).scraped();
  EXPECT_THAT(scraped.warnings(),
              Contains(HasSubstr("sample_submission.csv was made of test.csv")));
  const auto facts = facts_of(scraped);
  EXPECT_THAT(facts.inferred(), Contains("submission.path"));
  EXPECT_EQ(facts.submission().id_column(), "id");
  EXPECT_THAT(facts.submission().target_columns(), ElementsAre("y"));
  EXPECT_EQ(facts.submission().rows(), 2U);
}

TEST_F(ScrapeStageTest, ThatNothingCanBeSubmittedIsToldAtOnce) {
  source_.fetched.door = v1::COMPETITION_DOOR_CATALOGUE;
  EXPECT_THAT(handled(source_).scraped().warnings(), Not(Contains(HasSubstr("submitted"))));
  requested_.mutable_requested()->mutable_options()->set_submit(v1::SUBMIT_MODE_BEST);
  EXPECT_THAT(handled(source_).scraped().warnings(),
              Contains(HasSubstr("Nothing can be submitted to Kaggle")));
  source_.fetched.door = v1::COMPETITION_DOOR_KAGGLE;
  EXPECT_THAT(handled(source_).scraped().warnings(), Not(Contains(HasSubstr("submitted"))));
}

TEST_F(ScrapeStageTest, WhichSampleIsMeantIsTold) {
  source_.files["sample_submission_1.csv"] = "id,y\n9,0\n";
  source_.files["sample_submission_0.csv"] = "id,y\n5,0\n6,0\n7,0\n";
  const auto scraped = handled(source_).scraped();
  EXPECT_EQ(facts_of(scraped).submission().path(), "sample_submission.csv");
  EXPECT_THAT(scraped.warnings(),
              Contains(HasSubstr("not sample_submission_0.csv, sample_submission_1.csv")));
}

TEST_F(ScrapeStageTest, APastDeadlineIsAWarningOfTheEvent) {
  source_.fetched.told.deadline = competition::parse_rfc3339("2012-09-28T00:00:00Z");
  const auto scraped = handled(source_).scraped();
  EXPECT_THAT(scraped.warnings(),
              Contains(HasSubstr("DEADLINE_PASSED: The deadline was 2012-09-28")));
  EXPECT_TRUE(scraped.has_deadline());
}

TEST_F(ScrapeStageTest, ManyWarningsDoNotMakeTheEventTooLarge) {
  for (int i = 0; i < 100; ++i) source_.files[std::format("{}.csv", i)] = "a,b\n1\n";
  const auto event = handled(source_);
  EXPECT_EQ(event.scraped().warnings_size(), 20);
  EXPECT_LT(event.ByteSizeLong(), 64U * 1024);
  EXPECT_EQ(facts_of(event.scraped()).warnings_size(), 101) << "and that no metric is named";
}

TEST_F(ScrapeStageTest, ProgressIsToldWithPhaseAndUnit) {
  handled(source_);
  ASSERT_FALSE(context_.emitted.empty());
  const auto& progressed = context_.emitted.front().progressed();
  EXPECT_EQ(progressed.phase(), "unpacking");
  EXPECT_EQ(progressed.unit(), "bytes");
  EXPECT_EQ(context_.emitted.front().job_id(), kJob);
}

struct Expected {
  const char* slug;
  const char* metric;
  v1::TaskKind kind;
  const char* train;
  const char* test;
  const char* images;
};

// Every bundled competition, through the catalogue and the whole stage.
class BundledCompetition : public ScrapeStageTest,
                           public ::testing::WithParamInterface<Expected> {};

TEST_P(BundledCompetition, IsScrapedWithTheRightFacts) {
  CatalogueCompetitionSource catalogue{fs::path{PODIUM_SOURCE_DIR} / "competitions"};
  requested_.mutable_requested()->mutable_competition()->set_slug(GetParam().slug);
  const auto scraped = handled(catalogue).scraped();
  EXPECT_EQ(scraped.metric().key(), GetParam().metric);
  EXPECT_EQ(scraped.task_kind(), GetParam().kind);
  EXPECT_THAT(scraped.warnings(), ElementsAre());
  const auto facts = facts_of(scraped);
  EXPECT_EQ(facts.task().train_path(), GetParam().train);
  EXPECT_EQ(facts.task().test_path(), GetParam().test);
  EXPECT_EQ(facts.task().train_images(), GetParam().images);
}

INSTANTIATE_TEST_SUITE_P(
    ScrapeStage, BundledCompetition,
    ::testing::Values(
        Expected{"titanic", "accuracy", v1::TASK_KIND_BINARY, "train.csv", "test.csv", ""},
        Expected{"tiny-digits", "accuracy", v1::TASK_KIND_MULTICLASS, "train.csv", "",
                 "train_images"},
        Expected{"nyc-late-arrivals", "auc", v1::TASK_KIND_BINARY, "train.csv", "test.csv", ""},
        Expected{"diamond-clarity", "qwk", v1::TASK_KIND_MULTICLASS, "training_set.csv",
                 "evaluation_set.csv", ""},
        Expected{"ames-house-prices", "rmsle", v1::TASK_KIND_REGRESSION, "train.csv", "test.csv",
                 ""}));

}  // namespace
}  // namespace podium::scraper
