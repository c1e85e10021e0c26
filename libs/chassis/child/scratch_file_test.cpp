#include "libs/chassis/child/scratch_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace podium {
namespace {

ScratchFile make_scratch_file() {
  auto made = ScratchFile::make(::testing::TempDir());
  EXPECT_TRUE(made.has_value());
  return std::move(*made);
}

TEST(ScratchFile, GivesBackWhatWasAppended) {
  auto file = make_scratch_file();
  ASSERT_TRUE(file.append("one ").has_value());
  ASSERT_TRUE(file.append("two").has_value());
  EXPECT_EQ(file.size(), 7U);
  EXPECT_EQ(file.read(0, 100).value(), "one two");
  EXPECT_EQ(file.read(4, 2).value(), "tw");
  EXPECT_EQ(file.read(100, 2).value(), "");
}

TEST(ScratchFile, HasNoNameInItsFolder) {
  const auto folder = std::filesystem::path{::testing::TempDir()} / "scratch-file-test";
  std::filesystem::create_directories(folder);
  auto file = ScratchFile::make(folder).value();
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST(ScratchFile, CanBeOpenedByItsPath) {
  auto file = make_scratch_file();
  ASSERT_TRUE(file.append("content").has_value());
  std::ifstream again{file.path()};
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>{again}, {}), "content");
}

TEST(ScratchFile, MovingLeavesNothingBehind) {
  auto file = make_scratch_file();
  ScratchFile other = std::move(file);
  EXPECT_TRUE(static_cast<bool>(other));
  EXPECT_FALSE(static_cast<bool>(file));  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST(ScratchFile, AMissingFolderIsUnavailable) {
  const auto made = ScratchFile::make("/nonexistent-folder");
  ASSERT_FALSE(made.has_value());
  EXPECT_TRUE(made.error().is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium
