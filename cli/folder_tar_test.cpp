#include "cli/folder_tar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "libs/chassis/ids.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::cli {
namespace {

using podium::testing::TemporaryFolder;
using ::testing::UnorderedElementsAre;

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << text;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(FolderTar, IsTheSameForTheSameFiles) {
  const TemporaryFolder place;
  for (const auto* name : {"a", "b"}) {
    write(place.path() / name / "train.csv", "id,y\n1,0\n");
    write(place.path() / name / "pictures" / "1.png", "png");
  }
  std::filesystem::last_write_time(place.path() / "b" / "train.csv",
                                   std::filesystem::file_time_type{});
  const auto first = pack_folder(place.path() / "a", place.path() / "a.tar");
  const auto second = pack_folder(place.path() / "b", place.path() / "b.tar");
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->sha256, second->sha256);
  EXPECT_EQ(first->files, 2U);
  EXPECT_EQ(first->sha256, sha256_hex(read(first->file)));
  EXPECT_EQ(first->bytes, std::filesystem::file_size(first->file));
}

TEST(FolderTar, AnotherContentHasAnotherHash) {
  const TemporaryFolder place;
  write(place.path() / "a" / "train.csv", "1");
  const auto first = pack_folder(place.path() / "a", place.path() / "a.tar");
  write(place.path() / "a" / "train.csv", "2");
  const auto second = pack_folder(place.path() / "a", place.path() / "a.tar");
  EXPECT_NE(first.value().sha256, second.value().sha256);
}

TEST(FolderTar, HiddenFilesAndLinksAreLeftOutAndNamed) {
  const TemporaryFolder place;
  const auto folder = place.path() / "a";
  write(folder / "train.csv", "1");
  write(folder / ".git" / "config", "secret");
  std::filesystem::create_symlink("/etc/passwd", folder / "link");
  const auto packed = pack_folder(folder, place.path() / "a.tar");
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(packed->files, 1U);
  EXPECT_THAT(packed->left_out, UnorderedElementsAre(".git", "link"));
}

TEST(FolderTar, EmptyOrMissingFolderIsAFailure) {
  const TemporaryFolder place;
  std::filesystem::create_directories(place.path() / "empty");
  EXPECT_FALSE(pack_folder(place.path() / "empty", place.path() / "a.tar").has_value());
  EXPECT_FALSE(pack_folder(place.path() / "none", place.path() / "a.tar").has_value());
}

}  // namespace
}  // namespace podium::cli
