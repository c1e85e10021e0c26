#include "services/codegen/generator/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "services/codegen/generator/generator_testing.hpp"
#include "services/codegen/generator/testing/competition_kinds.hpp"

namespace podium::codegen {
namespace {

using testing::binary_facts;
using testing::class_facts;
using testing::number_facts;
using testing::small_facts;

Form form_of(const v1::CompetitionFacts& facts) {
  return problem_of(facts).value().form;
}

TEST(Problem, FormFollowsTheTask) {
  EXPECT_EQ(form_of(binary_facts()), Form::binary);
  EXPECT_EQ(form_of(class_facts()), Form::classes);
  EXPECT_EQ(form_of(number_facts()), Form::number);
}

TEST(Problem, GradesUnderQuadraticKappaAreNumbers) {
  const auto facts =
      small_facts({"Grade", v1::COLUMN_TYPE_INTEGER, 8, 0, 7}, "qwk", v1::TASK_KIND_MULTICLASS);
  EXPECT_EQ(form_of(facts), Form::number);
}

TEST(Problem, ErrorsOfNumbersMakeWholeNumbersAnAmount) {
  const auto facts =
      small_facts({"Count", v1::COLUMN_TYPE_INTEGER, 30, 0, 29}, "rmse", v1::TASK_KIND_MULTICLASS);
  EXPECT_EQ(form_of(facts), Form::number);
}

TEST(Problem, ListsOfLabelsNeedClassesEvenForTwo) {
  auto facts = binary_facts("map3");
  const auto problem = problem_of(facts);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->form, Form::classes);
  EXPECT_EQ(problem->metric->answers, 3);
}

TEST(Problem, SeveralTargetsAreColumns) {
  auto facts = number_facts("mcrmse");
  auto& train = *facts.mutable_tables(0);
  *train.add_columns() = testing::profile_of({"Rent", v1::COLUMN_TYPE_REAL, 900}, 1000);
  facts.mutable_task()->add_target_columns("Rent");
  facts.mutable_submission()->clear_target_columns();
  facts.mutable_submission()->add_target_columns("Rent");
  facts.mutable_submission()->add_target_columns("Price");
  const auto problem = problem_of(facts);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->form, Form::number_columns);
  EXPECT_EQ(problem->targets, (std::vector<std::string>{"Rent", "Price"}));
}

TEST(Problem, AnUnknownMetricIsStoodInFor) {
  const auto problem = problem_of(number_facts(""));
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->metric->key, "rmse");
  EXPECT_TRUE(problem->metric_stands_in);

  auto chances = binary_facts("");
  chances.mutable_submission()->set_target_kind(v1::TARGET_KIND_PROBABILITY);
  EXPECT_EQ(problem_of(chances).value().metric->key, "logloss");
  EXPECT_EQ(problem_of(class_facts("")).value().metric->key, "accuracy");
}

TEST(Problem, EveryKnownMetricHasASolution) {
  for (const auto& entry : competition::metric_catalogue()) {
    const std::string key{entry.key};
    const bool known = find_metric_rule(key, Form::number) || find_metric_rule(key, Form::binary) ||
                       find_metric_rule(key, Form::classes) ||
                       find_metric_rule(key, Form::number_columns) ||
                       find_metric_rule(key, Form::binary_columns);
    EXPECT_TRUE(known) << key;
  }
}

TEST(Problem, RulesAgreeWithTheCatalogueOnDirection) {
  for (const auto& entry : competition::metric_catalogue()) {
    for (const Form form :
         {Form::number, Form::binary, Form::classes, Form::number_columns, Form::binary_columns}) {
      const MetricRule* rule = find_metric_rule(entry.key, form);
      if (rule == nullptr) continue;
      EXPECT_EQ(rule->higher_is_better, entry.higher_is_better) << entry.key;
    }
  }
}

TEST(Problem, TimeOrderIsTakenFromTheTask) {
  auto facts = number_facts();
  EXPECT_FALSE(problem_of(facts).value().forward);
  facts.mutable_task()->set_time_column("Age");
  EXPECT_TRUE(problem_of(facts).value().forward);
}

TEST(Problem, WhatIsMissingIsRefusedWithAReason) {
  auto no_train = binary_facts();
  no_train.mutable_task()->clear_train_path();
  auto no_target = binary_facts();
  no_target.mutable_task()->clear_target_columns();
  auto strange_target = binary_facts();
  strange_target.mutable_task()->set_target_columns(0, "Elsewhere");
  auto no_sample = binary_facts();
  no_sample.clear_submission();
  for (const auto& facts : {no_train, no_target, strange_target, no_sample}) {
    const auto problem = problem_of(facts);
    ASSERT_FALSE(problem.has_value());
    EXPECT_TRUE(problem.error().is(competition::reasons::kDraftFailed));
    EXPECT_FALSE(problem.error().detail.empty());
  }
}

TEST(Problem, WhatWasNotReadIsNamedWhereRowsAreMissing) {
  auto facts = binary_facts();
  facts.mutable_task()->clear_train_path();
  facts.add_warnings("Not read: train.parquet: it is packed with Brotli.");
  EXPECT_THAT(problem_of(facts).error().detail,
              ::testing::HasSubstr("train.parquet: it is packed"));
}

TEST(Problem, WithoutATestTableTheSampleNamesTheRows) {
  auto facts = binary_facts();
  facts.mutable_task()->clear_test_path();
  EXPECT_EQ(problem_of(facts)->test->path(), "sample_submission.csv");
}

TEST(Problem, SoundsAreReadAsWavOnly) {
  auto facts = testing::picture_facts(class_facts());
  facts.mutable_task()->set_image_extension(".wav");
  EXPECT_TRUE(problem_of(facts)->sounds);
  facts.mutable_task()->set_image_extension(".mp3");
  EXPECT_THAT(problem_of(facts).error().detail,
              ::testing::HasSubstr("sounds in .mp3 files below train"));
  facts.mutable_task()->set_image_extension(".dcm");
  EXPECT_THAT(problem_of(facts).error().detail, ::testing::HasSubstr(".dcm"));
}

TEST(Problem, WhereTablesTellOfTheRowsRecordingsAreLeftOut) {
  auto facts = testing::picture_facts(class_facts());
  facts.mutable_task()->set_test_path("test.csv");
  for (const auto* ending : {".wav", ".mp3", ".dcm"}) {
    facts.mutable_task()->set_image_extension(ending);
    const auto problem = problem_of(facts);
    ASSERT_TRUE(problem) << ending;
    EXPECT_FALSE(problem->images || problem->sounds) << ending;
    EXPECT_EQ(problem->id, "Id");
  }
  facts.mutable_task()->set_image_extension(".png");
  EXPECT_TRUE(problem_of(facts)->images);
}

TEST(Problem, OfAHugeTableNotEveryRowIsRead) {
  auto facts = binary_facts();
  auto& file = *facts.add_files();
  file.set_path("train.csv");
  file.set_bytes(1ULL << 30);
  EXPECT_EQ(problem_of(facts)->every, 1U);
  facts.mutable_files(0)->set_bytes((5ULL << 30) + 1);
  EXPECT_EQ(problem_of(facts)->every, 6U);
}

}  // namespace
}  // namespace podium::codegen
