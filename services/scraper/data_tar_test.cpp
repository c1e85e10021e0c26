#include "services/scraper/data_tar.hpp"

#include <chrono>
#include <format>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/ids.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/archive_extraction.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/manifest.hpp"
#include "services/scraper/testing/archives.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class DataTarTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) const {
    const auto file = folder_.path() / "data" / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
  }
  Result<DataTar> pack(const std::string& name = "data.tar") const {
    return write_data_tar(folder_.path() / "data", folder_.path() / name, {});
  }
  std::string bytes(const std::string& name = "data.tar") const {
    return testing::text_of(folder_.path() / name);
  }

  podium::testing::TemporaryFolder folder_;
};

TEST_F(DataTarTest, TheSameFilesGiveTheSameBytesWhateverTheirTimesOrderAndOwners) {
  write("b.csv", "b\n");
  write("a/1.png", "x");
  ASSERT_TRUE(pack("first.tar"));
  std::filesystem::remove_all(folder_.path() / "data");
  write("a/1.png", "x");
  write("b.csv", "b\n");
  std::filesystem::last_write_time(folder_.path() / "data/b.csv",
                                   std::filesystem::file_time_type{std::chrono::hours{5}});
  std::filesystem::permissions(folder_.path() / "data/b.csv", std::filesystem::perms::owner_all);
  ASSERT_TRUE(pack("second.tar"));
  EXPECT_EQ(bytes("first.tar"), bytes("second.tar"));
  write("b.csv", "c\n");
  ASSERT_TRUE(pack("third.tar"));
  EXPECT_NE(bytes("first.tar"), bytes("third.tar"));
}

TEST_F(DataTarTest, HoldsEveryFileAndTellsHashesAndSizes) {
  const std::string long_name = std::string(150, 'n') + "/" + std::string(120, 'm') + ".csv";
  write("train.csv", "abc");
  write("Zürich.csv", "");
  write(long_name, "x");
  const auto tar = pack();
  ASSERT_TRUE(tar) << tar.error().text();
  EXPECT_EQ(tar->files.size(), 3U);
  EXPECT_EQ(tar->bytes, 4U);
  EXPECT_EQ(tar->files.at("train.csv").sha256, sha256_hex("abc"));
  EXPECT_EQ(tar->files.at("Zürich.csv").sha256, sha256_hex(""));
  const FetchControl control;
  UnpackAccount account{{.bytes_max = 1000, .packed_bytes = 1000}, control};
  ASSERT_TRUE(extract_archive(folder_.path() / "data.tar", folder_.path() / "back", account));
  EXPECT_THAT(testing::files_below(folder_.path() / "back"),
              ElementsAre(Pair("Zürich.csv", ""), Pair(long_name, "x"), Pair("train.csv", "abc")));
}

TEST_F(DataTarTest, AFolderThatIsGoneIsAnErrorToBeTriedAgain) {
  const auto tar = pack();
  ASSERT_FALSE(tar);
  EXPECT_TRUE(tar.error().is(errors::kUnavailable));
}

TEST_F(DataTarTest, AFullDiskIsToldAtOnceAndNotTriedAgain) {
  write("train.csv", std::string(20 * kBlockBytes, 'a'));
  std::uint64_t told = 0;
  const FetchControl control{
      .stop = {},
      .on_progress = [&](std::string_view, std::uint64_t done, std::uint64_t) { told = done; }};
  const auto tar = write_data_tar(folder_.path() / "data", "/dev/full", control);
  ASSERT_FALSE(tar);
  EXPECT_TRUE(tar.error().is(competition::reasons::kDiskTooSmall)) << tar.error().text();
  EXPECT_EQ(told, 0U);
}

TEST_F(DataTarTest, StopsWhenAsked) {
  write("train.csv", "abc");
  std::stop_source stop;
  stop.request_stop();
  const FetchControl control{.stop = stop.get_token()};
  const auto tar = write_data_tar(folder_.path() / "data", folder_.path() / "data.tar", control);
  ASSERT_FALSE(tar);
  EXPECT_TRUE(tar.error().is(errors::kStopped));
}

TEST(Manifest, ListsFilesWithTheirHashes) {
  v1::CompetitionFacts facts;
  facts.set_slug("titanic");
  facts.mutable_data()->set_sha256("dd");
  const DataTar tar{.files = {{"a.csv", {"aa", 3}}, {"b.csv", {"bb", 4}}}, .bytes = 7};
  EXPECT_EQ(manifest_of(facts, tar), R"({
 "competition": "titanic",
 "data_sha256": "dd",
 "bytes": 7,
 "files": [
  {
   "path": "a.csv",
   "bytes": 3,
   "sha256": "aa"
  },
  {
   "path": "b.csv",
   "bytes": 4,
   "sha256": "bb"
  }
 ]
}
)");
}

}  // namespace
}  // namespace podium::scraper
