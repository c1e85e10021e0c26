#include "services/executor/run_preparation.hpp"

#include <gtest/gtest.h>

namespace podium::executor {
namespace {

TEST(RunPreparation, SlugsAreNamesOfFolders) {
  for (const auto* slug : {"titanic", "house-prices_2.1", "3rd"}) EXPECT_TRUE(is_safe_slug(slug));
  for (const auto* slug : {"", ".", "..", "a/b", "-rf", "a b", "a\nb", ".hidden", "caf\u00e9"}) {
    EXPECT_FALSE(is_safe_slug(slug)) << slug;
  }
  EXPECT_FALSE(is_safe_slug(std::string(101, 'a')));
}

TEST(RunPreparation, PathsStayInsideTheData) {
  for (const auto* path : {"sample_submission.csv", "sub dir/sample.csv", "a/b/c.csv", "..a/b"}) {
    EXPECT_TRUE(is_safe_path(path)) << path;
  }
  for (const auto* path :
       {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "./a", "a\nb", "a\\b"}) {
    EXPECT_FALSE(is_safe_path(path)) << path;
  }
}

}  // namespace
}  // namespace podium::executor
