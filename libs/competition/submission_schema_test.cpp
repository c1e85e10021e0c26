#include "libs/competition/submission_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using ::testing::ElementsAre;

TableScan table(std::string_view text) {
  TextSource source{text};
  return scan_table(source, "sample_submission.csv").value();
}

// Evidence from a training table whose target columns are the last ones.
TargetEvidence evidence(std::string_view text, int columns) {
  const TableScan train = table(text);
  TargetEvidence found;
  const int all = train.profile.columns_size();
  for (int i = all - columns; i < all; ++i) found.training.push_back(train.profile.columns(i));
  TextSource again{text};
  found.labels = distinct_values(again, all - 1, kLabelsMax).value().value();
  return found;
}

v1::SubmissionSchema schema_of(const TableScan& sample, std::string_view metric,
                               const TargetEvidence& found) {
  auto schema = read_submission_columns(sample, "").value();
  set_target_kind(schema, metric_of(metric, ""), sample, found);
  return schema;
}

TEST(SubmissionSchema, IdIsTheFirstColumnThatNamesRows) {
  const auto schema = read_submission_columns(table("y,id,z\n0,7,1\n0,8,1\n"), "").value();
  EXPECT_EQ(schema.id_column(), "id");
  EXPECT_THAT(schema.target_columns(), ElementsAre("y", "z"));
  EXPECT_EQ(schema.rows(), 2U);
  EXPECT_EQ(schema.path(), "sample_submission.csv");
}

TEST(SubmissionSchema, TheToldIdColumnWinsWhenTheSampleHasIt) {
  const TableScan sample = table("a,b,y\n1,5,0\n2,6,0\n");
  EXPECT_EQ(read_submission_columns(sample, "b")->id_column(), "b");
  EXPECT_EQ(read_submission_columns(sample, "nowhere")->id_column(), "a");
}

TEST(SubmissionSchema, WithoutIdsOrTargetsItIsUnknown) {
  const auto no_id = read_submission_columns(table("a,y\n1,0\n1,0\n"), "");
  EXPECT_TRUE(no_id.error().is(reasons::kSubmissionSchemaUnknown));
  const auto no_target = read_submission_columns(table("id\n1\n2\n"), "");
  EXPECT_TRUE(no_target.error().is(reasons::kSubmissionSchemaUnknown));
}

TEST(SubmissionSchema, TheMetricDecidesTheKind) {
  const TableScan sample = table("id,y\n1,0\n2,0\n");
  const TargetEvidence two = evidence("x,y\n1,0\n2,1\n", 1);
  EXPECT_EQ(schema_of(sample, "accuracy", two).target_kind(), v1::TARGET_KIND_LABEL);
  EXPECT_EQ(schema_of(sample, "auc", two).target_kind(), v1::TARGET_KIND_PROBABILITY);
  EXPECT_EQ(schema_of(sample, "rmse", two).target_kind(), v1::TARGET_KIND_NUMBER);
  EXPECT_EQ(schema_of(sample, "qwk", two).target_kind(), v1::TARGET_KIND_INTEGER);
  EXPECT_EQ(schema_of(sample, "map3", two).target_kind(), v1::TARGET_KIND_LABEL_LIST);
}

TEST(SubmissionSchema, WithoutAMetricSampleAndTruthDecide) {
  const TargetEvidence two = evidence("x,y\n1,0\n2,1\n", 1);
  const TargetEvidence many = evidence("x,y\n1,0.5\n2,1.25\n3,7.5\n", 1);
  EXPECT_EQ(schema_of(table("id,y\n1,0.5\n2,0.5\n"), "", two).target_kind(),
            v1::TARGET_KIND_PROBABILITY);
  EXPECT_EQ(schema_of(table("id,y\n1,0\n2,0\n"), "", two).target_kind(), v1::TARGET_KIND_LABEL);
  EXPECT_EQ(schema_of(table("id,y\n1,cat\n2,cat\n"), "", {}).target_kind(), v1::TARGET_KIND_LABEL);
  EXPECT_EQ(schema_of(table("id,y\n1,0\n2,0\n"), "", many).target_kind(), v1::TARGET_KIND_NUMBER);
}

TEST(SubmissionSchema, LabelsAreSpelledAsTheSampleSpellsThem) {
  const auto flags = schema_of(table("id,y\n1,false\n2,false\n"), "accuracy",
                               evidence("x,y\n1,True\n2,False\n", 1));
  EXPECT_THAT(flags.labels(), ElementsAre("false", "true"));
  const auto numbers =
      schema_of(table("id,y\n1,0\n2,0\n"), "accuracy", evidence("x,y\n1,10.0\n2,2.0\n3,0.0\n", 1));
  EXPECT_THAT(numbers.labels(), ElementsAre("0", "2", "10"));
  const auto words =
      schema_of(table("id,y\n1,oak\n2,oak\n"), "accuracy", evidence("x,y\n1,oak\n2,ash\n", 1));
  EXPECT_THAT(words.labels(), ElementsAre("ash", "oak"));
}

TEST(SubmissionSchema, TaskKindsFollowMetricAndTruth) {
  const auto kind = [](std::string_view sample, std::string_view metric,
                       const TargetEvidence& found) {
    return task_kind(schema_of(table(sample), metric, found), metric_of(metric, ""), found);
  };
  const TargetEvidence two = evidence("x,y\n1,0\n2,1\n", 1);
  const TargetEvidence three = evidence("x,y\n1,a\n2,b\n3,c\n", 1);
  const TargetEvidence numbers = evidence("x,y\n1,0.5\n2,1.25\n3,7.5\n", 1);
  const TargetEvidence pair = evidence("x,y,z\n1,0.5,1\n2,1.25,2.5\n3,7.5,9\n", 2);
  EXPECT_EQ(kind("id,y\n1,0\n2,0\n", "auc", two), v1::TASK_KIND_BINARY);
  EXPECT_EQ(kind("id,y\n1,a\n2,a\n", "accuracy", three), v1::TASK_KIND_MULTICLASS);
  EXPECT_EQ(kind("id,y\n1,0\n2,0\n", "rmse", two), v1::TASK_KIND_REGRESSION);
  EXPECT_EQ(kind("id,y\n1,0\n2,0\n", "", numbers), v1::TASK_KIND_REGRESSION);
  EXPECT_EQ(kind("id,y,z\n1,0,0\n2,0,0\n", "mcrmse", pair), v1::TASK_KIND_MULTI_REGRESSION);
}

}  // namespace
}  // namespace podium::competition
