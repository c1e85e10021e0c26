#include "services/scraper/staging_folder.hpp"

#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

std::size_t entries_of(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, {}));
}

Result<StagingFolder> make(const fs::path& work) {
  return StagingFolder::make(StagingFolder::new_path(work, "job"));
}

TEST(StagingFolder, IsEmptyAtFirstAndGoneAtTheEnd) {
  const podium::testing::TemporaryFolder work;
  {
    const auto staging = make(work.path() / "new");
    ASSERT_TRUE(staging);
    EXPECT_TRUE(fs::is_empty(staging->path()));
    std::ofstream{staging->path() / "file"} << "x";
  }
  EXPECT_EQ(entries_of(work.path() / "new"), 0U);
}

TEST(StagingFolder, TwoScrapesOfOneJobDoNotMeet) {
  const podium::testing::TemporaryFolder work;
  auto first = std::optional{make(work.path())};
  std::ofstream{(*first)->path() / "file"} << "x";
  const auto second = make(work.path());
  ASSERT_TRUE(second);
  EXPECT_NE((*first)->path(), second->path());
  EXPECT_TRUE(fs::exists((*first)->path() / "file"));
  first.reset();
  EXPECT_TRUE(fs::exists(second->path()));
}

TEST(StagingFolder, WhatAKilledScraperLeftIsRemovedByTheNext) {
  const podium::testing::TemporaryFolder work;
  fs::create_directories(work.path() / "job.dead/data");
  std::ofstream{work.path() / "job.dead.lock"} << "";
  std::ofstream{work.path() / "something else"} << "";
  const auto staging = make(work.path());
  ASSERT_TRUE(staging);
  EXPECT_FALSE(fs::exists(work.path() / "job.dead"));
  EXPECT_FALSE(fs::exists(work.path() / "job.dead.lock"));
  EXPECT_TRUE(fs::exists(work.path() / "something else"));
}

TEST(StagingFolder, ADiskThatDoesNotTakeItIsToBeTriedAgain) {
  const podium::testing::TemporaryFolder work;
  std::ofstream{work.path() / "file"} << "x";
  const auto staging = make(work.path() / "file");
  ASSERT_FALSE(staging);
  EXPECT_TRUE(staging.error().is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium::scraper
