#include "libs/competition/data_folder.hpp"

#include <format>

#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "libs/competition/test_folder.hpp"

namespace podium::competition {
namespace {

TEST(DataFolder, ListsFilesSortedWithSizesAndKinds) {
  TestFolder folder;
  folder.write("train.csv", "a\n1\n");
  folder.write("notes/README.md", "x");
  folder.write("model.bin", "");
  const auto inventory = list_data_folder(folder.path());
  ASSERT_TRUE(inventory);
  ASSERT_EQ(inventory->files.size(), 3U);
  EXPECT_EQ(inventory->files[0].path(), "model.bin");
  EXPECT_EQ(inventory->files[0].kind(), v1::FILE_KIND_OTHER);
  EXPECT_EQ(inventory->files[1].path(), "notes/README.md");
  EXPECT_EQ(inventory->files[1].kind(), v1::FILE_KIND_TEXT);
  EXPECT_EQ(inventory->files[2].bytes(), 4U);
  EXPECT_EQ(inventory->files[2].kind(), v1::FILE_KIND_TABLE);
  EXPECT_EQ(inventory->bytes, 5U);
}

TEST(DataFolder, AFolderOfManyPicturesIsListedAsOne) {
  TestFolder folder;
  for (std::size_t i = 0; i <= kListedFilesMax; ++i) {
    folder.write(std::format("train_images/{}.PNG", i), "xy");
  }
  folder.write("train_images/labels.csv", "id\n");
  folder.write("few/1.png", "x");
  const auto inventory = list_data_folder(folder.path());
  ASSERT_TRUE(inventory);
  ASSERT_EQ(inventory->folders.size(), 1U);
  EXPECT_EQ(inventory->folders[0].path(), "train_images");
  EXPECT_EQ(inventory->folders[0].extension(), ".png");
  EXPECT_EQ(inventory->folders[0].files(), kListedFilesMax + 1);
  EXPECT_EQ(inventory->folders[0].bytes(), 2 * (kListedFilesMax + 1));
  EXPECT_EQ(inventory->folders[0].kind(), v1::FILE_KIND_IMAGE);
  EXPECT_EQ(inventory->files.size(), 2U);
}

TEST(DataFolder, LinksAreRefused) {
  TestFolder folder;
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "train.csv");
  const auto inventory = list_data_folder(folder.path());
  ASSERT_FALSE(inventory);
  EXPECT_TRUE(inventory.error().is(reasons::kArchiveUnsafe));
}

TEST(DataFolder, AMissingFolderIsAnError) {
  TestFolder folder;
  EXPECT_FALSE(list_data_folder(folder.path() / "nothing"));
}

}  // namespace
}  // namespace podium::competition
