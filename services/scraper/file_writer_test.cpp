#include "services/scraper/file_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/testing/archives.hpp"
#include "services/scraper/testing/file_size_limit.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace reasons = competition::reasons;

class FileWriterTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "train.csv"; }

  podium::testing::TemporaryFolder folder_;
};

TEST_F(FileWriterTest, WritesAllAndMakesTheFileAnew) {
  for (const std::string text : {"a longer text", "short"}) {
    FileWriter out{file()};
    ASSERT_TRUE(out.write(text));
    ASSERT_TRUE(out.write("\n"));
    ASSERT_TRUE(out.close());
    EXPECT_EQ(testing::text_of(file()), text + "\n");
  }
}

TEST_F(FileWriterTest, AFullDiskIsNoPassingTrouble) {
  FileWriter out{"/dev/full"};
  const auto written = out.write("abc");
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().is(reasons::kDiskTooSmall)) << written.error().text();
  EXPECT_FALSE(out.close()) << "what failed stays so";
}

TEST_F(FileWriterTest, WhatWasWrittenBeforeIsNamed) {
  const testing::FileSizeLimit limit{1000};
  FileWriter out{file()};
  ASSERT_TRUE(out.write(std::string(600, 'a')));
  const auto written = out.write(std::string(600, 'b'));
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().is(reasons::kDiskTooSmall));
  EXPECT_THAT(written.error().detail, AllOf(HasSubstr("train.csv"), HasSubstr("1000 bytes")));
}

TEST_F(FileWriterTest, OtherTroubleIsTriedAgain) {
  FileWriter out{folder_.path() / "missing" / "train.csv"};
  EXPECT_TRUE(out.write("abc").error().is(errors::kUnavailable));
}

TEST(DiskTrouble, AQuotaThatIsUsedUpIsAFullDisk) {
  const auto of = [](int error) {
    return disk_trouble("here", {error, std::generic_category()}).error();
  };
  EXPECT_TRUE(of(EDQUOT).is(reasons::kDiskTooSmall));
  EXPECT_TRUE(of(ENOSPC).is(reasons::kDiskTooSmall));
  EXPECT_TRUE(of(EIO).is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium::scraper
