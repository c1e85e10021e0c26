#include "services/gateway/job_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/errors.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::gateway {
namespace {

constexpr auto kJob = "01890000-0000-7000-8000-000000000000";

ArtifactFacts file(const std::string& candidate, const std::string& run, const std::string& name,
                   const std::string& key) {
  return {.candidate_id = candidate,
          .run_id = run,
          .name = name,
          .key = key,
          .sha256 = {},
          .bytes = 1,
          .created_at = {}};
}

const std::vector<ArtifactFacts> kFiles{
    file("", "", "submission.csv", "of the job"),
    file("c1", "", "plan.md", "of the candidate"),
    file("c1", "r1", "log.txt", "of the first run"),
    file("c1", "r2", "log.txt", "of the second run"),
    file("c2", "r3", "log.txt", "of another"),
};

std::string key_of(std::string_view owner, std::string_view name) {
  const auto* const found = find_artifact(kFiles, owner, name);
  return found == nullptr ? "" : found->key;
}

TEST(JobFiles, BelongToTheJobACandidateOrARun) {
  EXPECT_EQ(key_of("", "submission.csv"), "of the job");
  EXPECT_EQ(key_of("c1", "plan.md"), "of the candidate");
  EXPECT_EQ(key_of("r1", "log.txt"), "of the first run");
}

TEST(JobFiles, OfACandidateIncludeThoseOfItsNewestRun) {
  EXPECT_EQ(key_of("c1", "log.txt"), "of the second run");
  EXPECT_EQ(key_of("c2", "log.txt"), "of another");
}

TEST(JobFiles, OfOthersAreNotFound) {
  EXPECT_EQ(key_of("", "plan.md"), "");
  EXPECT_EQ(key_of("", "log.txt"), "");
  EXPECT_EQ(key_of("c2", "plan.md"), "");
  EXPECT_EQ(key_of("c1", "submission.csv"), "");
}

class JobFilesInStore : public ::testing::Test {
 protected:
  JobFilesInStore() : store_{open_directory_store(folder_.path()).value()} {}
  void put(const std::string& owner, const std::string& name) {
    ASSERT_TRUE(store_->put_named(kJob, owner, name, "text").has_value());
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
};

TEST_F(JobFilesInStore, HaveFixedNames) {
  put("", "report.md");
  put("", "secret.txt");
  EXPECT_EQ(find_job_file(*store_, kJob, "report.md").value(), std::string{kJob} + "/report.md");
  for (const auto* name : {"plan.md", "secret.txt", "../facts.json", ""}) {
    const auto found = find_job_file(*store_, kJob, name);
    ASSERT_FALSE(found.has_value()) << name;
    EXPECT_TRUE(found.error().is(errors::kArtifactUnknown)) << found.error().text();
  }
}

TEST_F(JobFilesInStore, AreListedOnceBesideThoseThatAreKnown) {
  put("", "report.md");
  put("", "submission.csv");
  put("c1", "plan.md");
  auto files = kFiles;
  add_job_files(*store_, kJob, files);
  ASSERT_EQ(files.size(), kFiles.size() + 1);
  EXPECT_EQ(files.back().name, "report.md");
  EXPECT_EQ(files.back().bytes, 4);
}

}  // namespace
}  // namespace podium::gateway
