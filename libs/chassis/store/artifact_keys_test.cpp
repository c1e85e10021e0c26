#include "libs/chassis/store/artifact_keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace podium {
namespace {

const std::string kHash(64, 'a');

TEST(ArtifactKeys, ContentIsSpreadByItsFirstDigits) {
  EXPECT_EQ(content_key(kHash).value(), "sha256/" + kHash);
  EXPECT_EQ(path_of_key("sha256/" + kHash).value(), "sha256/aa/" + std::string(62, 'a'));
}

TEST(ArtifactKeys, NamedFilesLieUnderTheirJob) {
  EXPECT_EQ(named_key("job-1", "c1", "code.py").value(), "job-1/c1/code.py");
  EXPECT_EQ(named_key("job-1", "", "submission.csv").value(), "job-1/submission.csv");
  EXPECT_EQ(path_of_key("job-1/c1/code.py").value(), "jobs/job-1/c1/code.py");
  EXPECT_EQ(path_of_key("job-1/submission.csv").value(), "jobs/job-1/submission.csv");
}

TEST(ArtifactKeys, RefuseWhatLeadsElsewhere) {
  for (const std::string key : {"",
                                "/",
                                "a",
                                "/etc/passwd",
                                "../x",
                                "job/../x",
                                "job/./x",
                                "job//x",
                                "job/c/..",
                                "job/c/",
                                "job/c/.hidden",
                                "job/c/-rf",
                                "job/c/d/e",
                                "job\\c",
                                "sha256/../jobs/x",
                                "Job/c/code.py",
                                "job/c/a b",
                                "job/c/a\nb",
                                "sha256/abc",
                                "job/%2e%2e/x"}) {
    const auto path = path_of_key(key);
    ASSERT_FALSE(path) << key;
    EXPECT_TRUE(path.error().is(errors::kInvalid)) << key;
  }
  EXPECT_FALSE(path_of_key(std::string_view{"job/c\0d/x", 9}));
  EXPECT_FALSE(path_of_key("sha256/" + std::string(64, 'A')));
  EXPECT_FALSE(path_of_key("job/c/" + std::string(kArtifactNameLengthMax + 1, 'x')));
}

TEST(ArtifactKeys, NoJobIsNamedLikeTheContentFolder) {
  EXPECT_FALSE(named_key("sha256", "", "x.csv"));
  EXPECT_FALSE(named_key("sha256", "c", "x.csv"));
  EXPECT_FALSE(path_of_key("sha256/c/x.csv"));
}

TEST(ArtifactKeys, DetailsHoldNoControlCharacters) {
  const auto path = path_of_key("job/c/a\x1b[31m");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().detail.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace podium
