#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/adapters/catalogue_competition_source.hpp"
#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/adapters/competition_folder.hpp"
#include "services/scraper/adapters/folder_competition_source.hpp"
#include "services/scraper/adapters/routed_competition_source.hpp"
#include "services/scraper/testing/archives.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::files_below;
using ::testing::HasSubstr;
using ::testing::Key;

class CompetitionSources : public ::testing::Test {
 protected:
  CompetitionSources()
      : store_{open_directory_store(folder_.path() / "store").value()},
        catalogue_{fs::path{PODIUM_SOURCE_DIR} / "competitions"},
        folders_{*store_, reader_} {
    fs::create_directories(packed());
  }
  fs::path packed() const { return folder_.path() / "staging" / "packed"; }
  v1::CompetitionRequest slug(const std::string& name) const {
    v1::CompetitionRequest request;
    request.set_slug(name);
    return request;
  }
  /// A folder as a person sends it, by its hash.
  v1::CompetitionRequest sent(const std::vector<testing::ArchiveMember>& members) const {
    const auto tar = folder_.path() / "problem.tar";
    testing::write_archive(tar, members);
    v1::CompetitionRequest request;
    request.set_folder_sha256(store_->put_content_file(tar).value().sha256());
    return request;
  }
  Result<FetchedCompetition> fetch(CompetitionSource& source,
                                   const v1::CompetitionRequest& request) const {
    return source.fetch(request, packed(), {});
  }
  RoutedCompetitionSource routed(bool offline, CompetitionSource* kaggle = nullptr) {
    return {folders_, catalogue_, offline, kaggle};
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  CatalogueCompetitionSource catalogue_;
  ChildForeignReader reader_{{.program = PODIUM_UNPACK_PROGRAM}};
  FolderCompetitionSource folders_;
};

TEST_F(CompetitionSources, TheCatalogueGivesFilesPagesAndFactsAsTheyCome) {
  const auto fetched = fetch(catalogue_, slug("nyc-late-arrivals"));
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_EQ(fetched->door, v1::COMPETITION_DOOR_CATALOGUE);
  EXPECT_EQ(fetched->told.slug, "nyc-late-arrivals");
  EXPECT_EQ(fetched->told.url, "");
  EXPECT_EQ(fetched->told.pages.size(), 4U);
  EXPECT_THAT(files_below(packed()), Contains(Key("train.csv.zip")));
}

TEST_F(CompetitionSources, TheCatalogueKnowsItsSlugs) {
  EXPECT_THAT(catalogue_.slugs(), ElementsAre("ames-house-prices", "diamond-clarity",
                                              "nyc-late-arrivals", "tiny-digits", "titanic"));
  EXPECT_FALSE(catalogue_.has("../competitions/titanic"));
  const auto gone = fetch(catalogue_, slug("no-such-thing"));
  ASSERT_FALSE(gone);
  EXPECT_TRUE(gone.error().is(reasons::kCompetitionNotFound));
}

TEST_F(CompetitionSources, TheCatalogueHoldsNoAnswers) {
  for (const std::string& name : catalogue_.slugs()) {
    const fs::path folder = fs::path{PODIUM_SOURCE_DIR} / "competitions" / name;
    EXPECT_FALSE(fs::exists(folder / "answers")) << name;
    EXPECT_TRUE(fs::exists(folder / "LICENCE.md")) << name;
  }
}

TEST_F(CompetitionSources, AFolderOfOnesOwnIsUnpackedAndRead) {
  const auto fetched =
      fetch(folders_, sent({{.path = "competition.json", .content = R"({"title": "Mine"})"},
                            {.path = "README.md", .content = "Judged by RMSE."},
                            {.path = "train.csv", .content = "id,y\n"},
                            {.path = "more/x.csv", .content = "x\n"}}));
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_EQ(fetched->door, v1::COMPETITION_DOOR_FOLDER);
  EXPECT_EQ(fetched->told.title, "Mine");
  EXPECT_EQ(fetched->told.slug, "my-competition");
  ASSERT_EQ(fetched->told.pages.size(), 1U);
  EXPECT_EQ(fetched->told.pages[0].text(), "Judged by RMSE.");
  EXPECT_THAT(files_below(packed()), ElementsAre(::testing::Pair("more/x.csv", "x\n"),
                                                 ::testing::Pair("train.csv", "id,y\n")));
}

TEST_F(CompetitionSources, AFolderMayBePackedWithItselfAround) {
  const auto fetched =
      fetch(folders_, sent({{.path = "problem/competition.json", .content = R"({"slug": "mine"})"},
                            {.path = "problem/data/train.csv", .content = "id,y\n"}}));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->told.slug, "mine");
  EXPECT_THAT(files_below(packed()), ElementsAre(::testing::Pair("train.csv", "id,y\n")));
}

TEST_F(CompetitionSources, AFolderThatWasNotSentIsNotFound) {
  v1::CompetitionRequest request;
  request.set_folder_sha256(sha256_hex("nothing"));
  const auto fetched = fetch(folders_, request);
  ASSERT_FALSE(fetched);
  EXPECT_TRUE(fetched.error().is(reasons::kCompetitionNotFound));
}

TEST_F(CompetitionSources, AFolderWithLinksIsRefused) {
  const auto fetched =
      fetch(folders_, sent({{.path = "train.csv",
                             .content = "/etc/passwd",
                             .kind = testing::ArchiveMember::Kind::symbolic_link}}));
  ASSERT_FALSE(fetched);
  EXPECT_TRUE(fetched.error().is(reasons::kArchiveUnsafe));
}

TEST_F(CompetitionSources, ABadCompetitionJsonIsUnreadable) {
  const auto fetched = fetch(folders_, sent({{.path = "competition.json", .content = "{"}}));
  ASSERT_FALSE(fetched);
  EXPECT_TRUE(fetched.error().is(reasons::kDataUnreadable));
}

TEST_F(CompetitionSources, TheCatalogueAnswersForASlugOnlyOffline) {
  auto offline = routed(true);
  const auto fetched = fetch(offline, slug("titanic"));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->door, v1::COMPETITION_DOOR_CATALOGUE);
  auto online = routed(false);
  const auto refused = fetch(online, slug("titanic"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleAuth));
  EXPECT_THAT(refused.error().detail, HasSubstr("PODIUM_OFFLINE=1"));
}

/// Stands for Kaggle.
class AskedSource final : public CompetitionSource {
 public:
  Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                   const std::filesystem::path&, const FetchControl&) override {
    asked.push_back(request.slug());
    return FetchedCompetition{.told = {}, .door = v1::COMPETITION_DOOR_KAGGLE};
  }
  std::vector<std::string> asked;
};

TEST_F(CompetitionSources, WithCredentialsKaggleIsAskedForAllThatTheCatalogueDoesNotServe) {
  AskedSource kaggle;
  auto online = routed(false, &kaggle);
  EXPECT_TRUE(fetch(online, slug("titanic")));
  auto offline = routed(true, &kaggle);
  EXPECT_TRUE(fetch(offline, slug("titanic")));
  EXPECT_TRUE(fetch(offline, slug("spaceship-titanic")));
  EXPECT_EQ(kaggle.asked, (std::vector<std::string>{"titanic", "spaceship-titanic"}));
}

TEST_F(CompetitionSources, WithoutCredentialsTheRefusalOffersWhatIsBundled) {
  auto online = routed(false);
  const auto refused = fetch(online, slug("spaceship-titanic"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("tiny-digits, titanic"));
}

TEST_F(CompetitionSources, ASlugThatTheCatalogueLacksNeedsKaggleEvenOffline) {
  auto offline = routed(true);
  EXPECT_TRUE(fetch(offline, slug("spaceship-titanic")).error().is(reasons::kKaggleAuth));
}

TEST_F(CompetitionSources, ASentFolderNeedsNoKaggle) {
  auto online = routed(false);
  EXPECT_TRUE(fetch(online, sent({{.path = "train.csv", .content = "id,y\n"}})));
}

}  // namespace
}  // namespace podium::scraper
