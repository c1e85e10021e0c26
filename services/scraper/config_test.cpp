#include "services/scraper/config.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/scraper/limits.hpp"

namespace podium::scraper {
namespace {

using ::testing::HasSubstr;

Result<Config> config_of(std::map<std::string, std::string, std::less<>> settings) {
  settings.try_emplace("PODIUM_UNPACK_PROGRAM", "/bin/sh");
  Environment environment{[settings](std::string_view name) -> std::optional<std::string> {
    const auto at = settings.find(name);
    return at == settings.end() ? std::nullopt : std::optional{at->second};
  }};
  return load_config(environment);
}

TEST(ScraperConfig, HasDefaults) {
  const auto config = config_of({});
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->offline);
  EXPECT_TRUE(config->kaggle_credentials.empty());
  EXPECT_EQ(config->kaggle.endpoint.url, "https://api.kaggle.com/v1");
  EXPECT_TRUE(config->kaggle.storage_hosts.empty());
  EXPECT_EQ(config->scrape.workers, 2);
  EXPECT_EQ(config->scrape.work_folder, "/var/lib/podium/artifacts/scraping");
  EXPECT_EQ(config->unpack.data_bytes_max, kDataBytesMaxDefault);
  EXPECT_EQ(config->data_cache_bytes, kDataCacheBytesDefault);
  EXPECT_GT(scrape_options(*config).workers, config->scrape.workers) << "who waits takes no place";
}

TEST(ScraperConfig, ReadsItsSettings) {
  const auto config = config_of({{"PODIUM_OFFLINE", "1"},
                                 {"PODIUM_CATALOGUE", "/c"},
                                 {"PODIUM_ARTIFACTS", "/a"},
                                 {"PODIUM_SCRAPE_WORKERS", "7"},
                                 {"PODIUM_DATA_BYTES_MAX", "3Gi"}});
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->offline);
  EXPECT_EQ(config->catalogue, "/c");
  EXPECT_EQ(config->scrape.work_folder, "/a/scraping");
  EXPECT_EQ(config->unpack.data_bytes_max, 3ULL << 30);
  EXPECT_EQ(config->scrape.workers, 7);
}

TEST(ScraperConfig, WorksInTheFolderOfItsOwnHostWhenArtifactsAreInABucket) {
  const auto config = config_of({{"PODIUM_ARTIFACTS", "s3://results"},
                                 {"AWS_ACCESS_KEY_ID", "a"},
                                 {"AWS_SECRET_ACCESS_KEY", "b"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->artifacts.s3->bucket, "results");
  EXPECT_EQ(config->scrape.work_folder, "/var/lib/podium/artifacts/scraping");
}

TEST(ScraperConfig, SaysWhenTheProgramThatUnpacksIsMissing) {
  const auto config = config_of({{"PODIUM_UNPACK_PROGRAM", "/nonexistent/podium-unpack"}});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_UNPACK_PROGRAM"));
}

TEST(ScraperConfig, KnowsWhereKaggleIs) {
  const auto config = config_of({{"KAGGLE_API_TOKEN", "t"},
                                 {"PODIUM_KAGGLE_URL", "http://127.0.0.1:7/v1"},
                                 {"PODIUM_KAGGLE_STORAGE_HOSTS", "127.0.0.1:8, storage:9"},
                                 {"PODIUM_DATA_BYTES_MAX", "3Gi"}});
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->kaggle_credentials.empty());
  EXPECT_EQ(config->kaggle.endpoint.url, "http://127.0.0.1:7/v1");
  EXPECT_EQ(config->kaggle.endpoint.authorization.reveal(), "Bearer t");
  EXPECT_EQ(config->kaggle.storage_hosts, (std::vector<std::string>{"127.0.0.1:8", "storage:9"}));
  EXPECT_EQ(config->kaggle.data_bytes_max, 3ULL << 30);
}

TEST(ScraperConfig, TellsEveryBadSetting) {
  const auto config = config_of({{"PODIUM_OFFLINE", "maybe"}, {"PODIUM_SCRAPE_WORKERS", "0"}});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_OFFLINE"));
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_SCRAPE_WORKERS"));
}

}  // namespace
}  // namespace podium::scraper
