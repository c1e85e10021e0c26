#include "services/executor/adapters/child_submission_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>

#include "services/executor/errors.hpp"
#include "services/executor/tar.hpp"

namespace podium::executor {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kFacts = R"({
  "slug": "tiny", "unknownField": 1,
  "metric": {"name": "RMSE", "key": "rmse"},
  "submission": {"path": "sub dir/sample.csv", "idColumn": "id", "targetColumns": ["y"],
                 "rows": "3", "targetKind": "TARGET_KIND_NUMBER"}})";
constexpr auto kSample = "id,y\n1,0\n2,0\n3,0\n";

class ChildSubmissionCheckTest : public ::testing::Test {
 protected:
  static ScratchFile file_of(std::string_view content) {
    auto file = ScratchFile::make(::testing::TempDir()).value();
    EXPECT_TRUE(file.append(content).has_value());
    return file;
  }
  Result<CheckReport> check_tar(const std::string& predictions_tar, std::string log_end = {}) {
    auto facts = file_of(kFacts);
    auto sample = file_of(tar_of_file("sample.csv", kSample));
    auto predictions = file_of(predictions_tar);
    return check_.check({.facts = &facts,
                         .sample_tar = &sample,
                         .predictions_tar = &predictions,
                         .log_end = std::move(log_end),
                         .predictions_bytes_max = 1000});
  }
  Result<CheckReport> check(std::string_view predictions, std::string log_end = {}) {
    return check_tar(tar_of_file("submission.csv", predictions), std::move(log_end));
  }
  ChildSubmissionCheck check_{PODIUM_CHECK_PROGRAM, ::testing::TempDir()};
};

TEST_F(ChildSubmissionCheckTest, TheNamesInTheFactsAreRead) {
  auto facts = file_of(kFacts);
  const auto names = check_.read_facts(facts);
  ASSERT_TRUE(names.has_value()) << names.error().text();
  EXPECT_EQ(names->slug, "tiny");
  EXPECT_EQ(names->sample_path, "sub dir/sample.csv");
}

TEST_F(ChildSubmissionCheckTest, FactsThatAreNoFactsFailWithTheChildsWords) {
  auto facts = file_of("not json");
  const auto names = check_.read_facts(facts);
  ASSERT_FALSE(names.has_value());
  EXPECT_TRUE(names.error().is(kCheckFailed));
  EXPECT_THAT(names.error().detail, HasSubstr("facts cannot be read"));
}

TEST_F(ChildSubmissionCheckTest, GoodPredictionsBecomeASubmissionInTheSamplesOrder) {
  const auto report = check("y,id\n3.5,3\n1.5,1\n2.5,2\n",
                            "working\n{\"metric\": \"rmse\", \"value\": 0.25, \"folds\": 5}\n");
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_TRUE(report->verdict.accepted()) << report->verdict.message();
  EXPECT_EQ(report->submission.read(0, 100).value(), "id,y\n1,1.5\n2,2.5\n3,3.5\n");
  EXPECT_EQ(report->predictions.read(0, 100).value(), "y,id\n3.5,3\n1.5,1\n2.5,2\n");
  ASSERT_TRUE(report->score.has_value());
  EXPECT_DOUBLE_EQ(report->score->value(), 0.25);
}

TEST_F(ChildSubmissionCheckTest, WithoutAReportedScoreThePredictionsStandOnTheirOwn) {
  const auto report = check("id,y\n1,1\n2,2\n3,3\n", "nothing to report");
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->verdict.accepted());
  EXPECT_FALSE(report->score.has_value());
  EXPECT_THAT(report->verdict.warnings(), Contains(HasSubstr("SCORE_MISSING")));
}

TEST_F(ChildSubmissionCheckTest, WrongIdsAreRefusedByTheirCode) {
  const auto report = check("id,y\n1,1\n2,2\n9,3\n");
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->verdict.accepted());
  EXPECT_EQ(report->verdict.code(), "SUBMISSION_IDS");
}

TEST_F(ChildSubmissionCheckTest, AnythingButOnePlainFileIsRefused) {
  auto link = tar_of_file("submission.csv", "");
  link[156] = '2';
  for (const auto& tar : {std::string{}, std::string(1024, '\0'), std::string(5000, 'x'), link}) {
    const auto report = check_tar(tar);
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->verdict.code(), "SUBMISSION_MISSING");
  }
}

TEST_F(ChildSubmissionCheckTest, BytesThatAreNoTableAreRefused) {
  const auto report = check(std::string{"\x00\xff\xfe\x80garbage\x00", 12});
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_FALSE(report->verdict.accepted());
}

TEST_F(ChildSubmissionCheckTest, MoreBytesThanAllowedAreRefused) {
  const auto report = check(std::string(2000, '1'));
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->verdict.accepted());
}

TEST_F(ChildSubmissionCheckTest, AMissingProgramIsAnErrorNotAVerdict) {
  ChildSubmissionCheck broken{"/nonexistent/podium-check", ::testing::TempDir()};
  auto facts = file_of(kFacts);
  EXPECT_FALSE(broken.read_facts(facts).has_value());
}

}  // namespace
}  // namespace podium::executor
