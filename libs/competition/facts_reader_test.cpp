#include "libs/competition/facts_reader.hpp"

#include <format>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/test_folder.hpp"

namespace podium::competition {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<v1::CompetitionFacts> read(const TestFolder& folder, const ToldFacts& told = {}) {
  return read_facts(
      folder.path(), told, v1::COMPETITION_DOOR_FOLDER,
      {.now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}, .stop = {}, .on_rows = {}});
}

ToldFacts told_with_metric() {
  ToldFacts told;
  told.metric_name = "accuracy";
  return told;
}

TEST(FactsReader, InfersEverythingFromFilesAndPages) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("test.csv", "id,x\n7,a\n8,b\n");
  folder.write("train.csv", "id,x,y\n1,a,0\n2,b,1\n3,a,1\n");
  ToldFacts told;
  told.slug = "my-problem";
  told.pages = {make_page("evaluation", "Submissions are judged by accuracy.")};
  const auto facts = read(folder, told);
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_EQ(facts->title(), "my-problem");
  EXPECT_EQ(facts->metric().key(), "accuracy");
  EXPECT_EQ(facts->submission().id_column(), "id");
  EXPECT_EQ(facts->submission().target_kind(), v1::TARGET_KIND_LABEL);
  EXPECT_THAT(facts->submission().labels(), ElementsAre("0", "1"));
  EXPECT_EQ(facts->task().kind(), v1::TASK_KIND_BINARY);
  EXPECT_EQ(facts->task().train_path(), "train.csv");
  EXPECT_EQ(facts->task().test_path(), "test.csv");
  EXPECT_EQ(facts->tables_size(), 3);
  EXPECT_EQ(facts->files_size(), 3);
  EXPECT_THAT(facts->inferred(),
              ElementsAre("title", "metric", "submission.id_column", "submission.target_kind",
                          "task.kind", "task.train_path", "task.test_path", "task.target_columns"));
  EXPECT_THAT(facts->warnings(), ElementsAre());
}

TEST(FactsReader, WhatIsToldIsNotInferred) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("train.csv", "id,y\n1,0.5\n2,1.5\n");
  ToldFacts told;
  told.title = "Mine";
  told.metric_name = "RMSE";
  told.id_column = "id";
  told.target_columns = {"y"};
  const auto facts = read(folder, told);
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->inferred(),
              ElementsAre("submission.target_kind", "task.kind", "task.train_path"));
}

TEST(FactsReader, APastDeadlineIsToldNeverRefused) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("train.csv", "id,y\n1,0\n2,1\n");
  auto told = told_with_metric();
  told.deadline = parse_rfc3339("2026-06-01T23:59:00Z");
  const auto facts = read(folder, told);
  ASSERT_TRUE(facts);
  const std::string warning =
      "DEADLINE_PASSED: The deadline was 2026-06-01: a submission may no longer count.";
  EXPECT_THAT(facts->warnings(), ElementsAre(warning));
  told.url = "https://www.kaggle.com/competitions/titanic";
  EXPECT_THAT(read(folder, told)->warnings(), ElementsAre(warning + " Open " + told.url));
  told.deadline = parse_rfc3339("2030-06-01T23:59:00Z");
  EXPECT_THAT(read(folder, told)->warnings(), ElementsAre());
}

TEST(FactsReader, WithoutASampleItSaysWhatItMisses) {
  TestFolder folder;
  folder.write("train.csv", "id,y\n1,0\n2,1\n");
  folder.write("sample_submission.csv", "id,y\n1,\"0\n");
  const auto facts = read(folder);
  ASSERT_FALSE(facts);
  EXPECT_TRUE(facts.error().is(reasons::kSubmissionSchemaUnknown));
  EXPECT_THAT(facts.error().detail, HasSubstr("sample_submission.csv: row 2"));
}

TEST(FactsReader, ATableThatCannotBeReadIsAWarning) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("train.csv", "id,y\n1,0\n2,1\n");
  folder.write("broken.csv", "a,b\n1,\"2\n");
  folder.write("ragged.csv", "a,b\n1\n");
  folder.write("latin.csv", "a\nZ\xFCrich\n");
  const auto facts = read(folder, told_with_metric());
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->warnings(),
              ElementsAre(HasSubstr("Not read: broken.csv: row 2"),
                          HasSubstr("latin.csv is not UTF-8"), HasSubstr("ragged.csv: 1 rows")));
}

TEST(FactsReader, TestRowsThatComeLaterAreSeen) {
  TestFolder folder;
  folder.write("sample_submission.csv", "row,y\n1,0\n2,0\n");
  folder.write("train.csv", "row,day,y\n8,30/11/2020,1.5\n9,02/12/2020,2.5\n");
  folder.write("test.csv", "row,day\n1,03/12/2020\n2,04/12/2020\n");
  const auto facts = read(folder);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->task().time_column(), "day");
  EXPECT_THAT(facts->inferred(), Contains("task.time_column"));
  for (const v1::TableProfile& table : facts->tables()) {
    for (const v1::ColumnProfile& column : table.columns()) {
      EXPECT_EQ(column.date_format(), column.name() == "day" ? "%d/%m/%Y" : "") << table.path();
    }
  }
}

TEST(FactsReader, RowsThatAreMixedInTimeAreNot) {
  TestFolder folder;
  folder.write("sample_submission.csv", "row,y\n1,0\n2,0\n");
  folder.write("train.csv", "row,day,y\n8,2020-11-30,1.5\n9,2020-12-05,2.5\n");
  folder.write("test.csv", "row,day\n1,2020-12-05\n2,2020-12-06\n");
  EXPECT_EQ(read(folder)->task().time_column(), "");
}

TEST(FactsReader, CountedPeriodsAreATimeToo) {
  TestFolder folder;
  folder.write("sample_submission.csv", "row,y\n11,0\n12,0\n");
  folder.write("train.csv", "row,week,y\n8,1,1.5\n9,2,2.5\n");
  folder.write("test.csv", "row,week\n11,3\n12,3\n");
  EXPECT_EQ(read(folder)->task().time_column(), "week");
}

TEST(FactsReader, PicturesAreFoundByTheirIds) {
  TestFolder folder;
  std::string train = "picture,label\n";
  std::string sample = "picture,label\n";
  for (std::size_t i = 0; i <= kListedFilesMax; ++i) {
    folder.write(std::format("a/p{}.jpg", i), "x");
    folder.write(std::format("b/q{}.jpg", i), "x");
    train += std::format("p{},{}\n", i, i % 3);
    sample += std::format("q{},0\n", i);
  }
  folder.write("train.csv", train);
  folder.write("sample_submission.csv", sample);
  const auto facts = read(folder);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->task().train_images(), "a");
  EXPECT_EQ(facts->task().test_images(), "b");
  EXPECT_EQ(facts->task().image_extension(), ".jpg");
  EXPECT_EQ(facts->task().test_path(), "");
  EXPECT_EQ(facts->task().kind(), v1::TASK_KIND_MULTICLASS);
}

TEST(FactsReader, IdsMayHoldTheExtension) {
  TestFolder folder;
  std::string train = "picture,label\n";
  for (std::size_t i = 0; i <= kListedFilesMax; ++i) {
    folder.write(std::format("images/p{}.jpg", i), "x");
    train += std::format("p{}.jpg,{}\n", i, i % 3);
  }
  folder.write("train.csv", train);
  folder.write("sample_submission.csv", "picture,label\np1.jpg,0\np2.jpg,0\n");
  const auto facts = read(folder);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->task().train_images(), "images");
  EXPECT_EQ(facts->task().test_images(), "images");
  EXPECT_EQ(facts->task().image_extension(), "");
}

TEST(FactsReader, IdsThatLeaveTheFolderNameNoPicture) {
  TestFolder folder;
  for (std::size_t i = 0; i <= kListedFilesMax; ++i) folder.write(std::format("a/p{}.jpg", i), "x");
  folder.write("train.csv", "picture,label\n../../x,0\n../../y,1\n");
  folder.write("sample_submission.csv", "picture,label\n../../etc/z,0\n../../../w,1\n");
  EXPECT_EQ(read(folder)->task().test_images(), "");
}

TEST(FactsReader, WithoutATrainingTableItWarns) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  const auto facts = read(folder, told_with_metric());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->task().train_path(), "");
  EXPECT_THAT(facts->warnings(), ElementsAre(HasSubstr("No table holds the column y")));
}

TEST(FactsReader, ToldColumnsThatTheSampleLacksAreAWarning) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("train.csv", "id,y\n1,0\n2,1\n");
  auto told = told_with_metric();
  told.id_column = "number";
  told.target_columns = {"z"};
  EXPECT_THAT(read(folder, told)->warnings(),
              ElementsAre(HasSubstr("no column number"), HasSubstr("told target columns")));
}

TEST(FactsReader, ASampleThatDoesNotFitTheDataIsToldWithWhatIsDone) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,churned\n7,0\n");
  folder.write("train.csv", "id,x,bought\n1,2,0\n2,3,1\n3,4,0\n");
  folder.write("test.csv", "id,x\n7,1\n8,2\n");
  const auto facts = read(folder, told_with_metric());
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->warnings(), Contains(HasSubstr("only the sample's ids are answered")));
}

TEST(FactsReader, AMetricThatIsNotKnownIsToldWithWhatStandsInForIt) {
  TestFolder folder;
  folder.write("sample_submission.csv", "id,y\n7,0\n8,0\n");
  folder.write("train.csv", "id,y\n1,0\n2,1\n");
  EXPECT_THAT(read(folder)->warnings(), ElementsAre(HasSubstr("No metric is named")));
  ToldFacts told;
  told.metric_name = "Mean Sorrow";
  EXPECT_THAT(read(folder, told)->warnings(), ElementsAre(HasSubstr("Mean Sorrow")));
}

TEST(FactsReader, StopsWhenAsked) {
  TestFolder folder;
  std::string many = "id,y\n";
  for (int i = 0; i < 10'000; ++i) many += std::format("{},0\n", i);
  folder.write("sample_submission.csv", many);
  std::stop_source stop;
  stop.request_stop();
  const auto facts = read_facts(folder.path(), {}, v1::COMPETITION_DOOR_FOLDER,
                                {.now = {}, .stop = stop.get_token(), .on_rows = {}});
  ASSERT_FALSE(facts);
  EXPECT_TRUE(facts.error().is(errors::kStopped));
}

struct Expected {
  const char* slug;
  const char* metric;
  bool higher_is_better;
  v1::TargetKind target_kind;
  v1::TaskKind task_kind;
};

// The bundled competitions whose tables are not packed; the packed ones are tested where unpacking
// is, in services/scraper.
class BundledCompetition : public ::testing::TestWithParam<Expected> {};

TEST_P(BundledCompetition, HasTheRightFacts) {
  const std::filesystem::path folder =
      std::filesystem::path{PODIUM_SOURCE_DIR} / "competitions" / GetParam().slug;
  std::stringstream json;
  json << std::ifstream{folder / "competition.json"}.rdbuf();
  const auto told = parse_competition_file(json.str());
  ASSERT_TRUE(told);
  const auto facts = read_facts(folder / "data", *told, v1::COMPETITION_DOOR_CATALOGUE, {});
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_EQ(facts->metric().key(), GetParam().metric);
  EXPECT_EQ(facts->metric().higher_is_better(), GetParam().higher_is_better);
  EXPECT_EQ(facts->submission().target_kind(), GetParam().target_kind);
  EXPECT_EQ(facts->task().kind(), GetParam().task_kind);
  EXPECT_EQ(facts->task().train_path(), "train.csv");
  EXPECT_EQ(facts->task().test_path(), "test.csv");
  EXPECT_EQ(facts->submission().id_column(), told->id_column);
  EXPECT_THAT(facts->task().target_columns(), ::testing::ElementsAreArray(told->target_columns));
  EXPECT_THAT(facts->warnings(), ElementsAre());
}

INSTANTIATE_TEST_SUITE_P(FactsReader, BundledCompetition,
                         ::testing::Values(Expected{"titanic", "accuracy", true,
                                                    v1::TARGET_KIND_LABEL, v1::TASK_KIND_BINARY},
                                           Expected{"ames-house-prices", "rmsle", false,
                                                    v1::TARGET_KIND_NUMBER,
                                                    v1::TASK_KIND_REGRESSION}));

}  // namespace
}  // namespace podium::competition
