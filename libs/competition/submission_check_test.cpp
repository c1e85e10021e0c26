#include "libs/competition/submission_check.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/test_folder.hpp"

namespace podium::competition {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A competition with a sample, and the check of one text against it.
class SubmissionCheck : public ::testing::Test {
 protected:
  SubmissionCheck() {
    sample_ = "id,y\n3,0\n1,0\n2,0\n";
    rules_.schema.set_path("sample_submission.csv");
    rules_.schema.set_id_column("id");
    rules_.schema.add_target_columns("y");
    rules_.truth_varies = {true};
    ask_for_numbers("rmse");
  }
  void ask_for_numbers(std::string_view metric) {
    rules_.schema.set_target_kind(v1::TARGET_KIND_NUMBER);
    rules_.metric_key = metric;
  }
  void ask_for_labels(std::initializer_list<const char*> labels) {
    rules_.schema.set_target_kind(v1::TARGET_KIND_LABEL);
    rules_.metric_key = "accuracy";
    rules_.schema.clear_labels();
    for (const char* label : labels) rules_.schema.add_labels(label);
  }
  void ask_for_classes() {
    sample_ = "id,ash,oak\n1,0.5,0.5\n2,0.5,0.5\n";
    rules_.schema.clear_target_columns();
    rules_.schema.add_target_columns("ash");
    rules_.schema.add_target_columns("oak");
    rules_.schema.set_columns_are_classes(true);
    rules_.schema.set_target_kind(v1::TARGET_KIND_PROBABILITY);
    rules_.metric_key = "multiclass_logloss";
    rules_.truth_varies = {true, true};
  }
  v1::Verdict check(std::string_view predictions) {
    const auto verdict = check_submission_file(folder_.write("predictions.csv", predictions),
                                               folder_.write("sample.csv", sample_),
                                               folder_.path() / "submission.csv", rules_, limits_);
    EXPECT_TRUE(verdict) << verdict.error().text();
    return verdict.value_or(v1::Verdict{});
  }
  std::string code(std::string_view predictions) { return check(predictions).code(); }
  std::string written() const {
    std::stringstream text;
    text << std::ifstream{folder_.path() / "submission.csv"}.rdbuf();
    return text.str();
  }

  TestFolder folder_;
  std::string sample_;
  SubmissionRules rules_;
  SubmissionLimits limits_;
};

TEST_F(SubmissionCheck, WritesColumnsAndRowsInTheSamplesOrder) {
  const auto verdict = check("\xEF\xBB\xBFy,id\r\n1.5,1\r\n 2.5 ,2\r\n3.5,3.0\r\n");
  EXPECT_TRUE(verdict.accepted()) << verdict.message();
  EXPECT_EQ(verdict.code(), "");
  EXPECT_EQ(verdict.rows(), 3U);
  EXPECT_THAT(verdict.columns(), ElementsAre("id", "y"));
  EXPECT_EQ(written(), "id,y\n3,3.5\n1,1.5\n2,2.5\n");
}

TEST_F(SubmissionCheck, FileThatIsNotThereIsMissing) {
  const auto verdict =
      check_submission_file(folder_.path() / "nothing.csv", folder_.write("sample.csv", sample_),
                            folder_.path() / "out.csv", rules_);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->code(), "SUBMISSION_MISSING");
}

TEST_F(SubmissionCheck, LinksAndFoldersAreMissing) {
  const auto sample = folder_.write("sample.csv", sample_);
  const auto link = folder_.path() / "link.csv";
  std::filesystem::create_symlink(sample, link);
  for (const auto& path : {link, folder_.path()}) {
    const auto verdict = check_submission_file(path, sample, folder_.path() / "out.csv", rules_);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->code(), "SUBMISSION_MISSING") << path;
  }
}

TEST_F(SubmissionCheck, ASampleThatCannotBeReadIsAnErrorNotAVerdict) {
  const auto verdict =
      check_submission_file(folder_.write("p.csv", "id,y\n"), folder_.path() / "gone.csv",
                            folder_.path() / "out.csv", rules_);
  ASSERT_FALSE(verdict);
  EXPECT_TRUE(verdict.error().is(reasons::kDataUnreadable));
}

TEST_F(SubmissionCheck, ColumnsMustBeTheSamples) {
  EXPECT_EQ(code("id,z\n1,1\n2,2\n3,3\n"), "SUBMISSION_COLUMNS");
  EXPECT_EQ(code(",id,y\n0,1,1\n1,2,2\n2,3,3\n"), "SUBMISSION_COLUMNS");
  EXPECT_EQ(code("id,y,y\n1,1,1\n"), "SUBMISSION_COLUMNS");
  EXPECT_EQ(code("id;y\n1;1\n2;2\n3;3\n"), "SUBMISSION_COLUMNS");
  EXPECT_EQ(code("id,y\n1,1\n2,2,2\n3,3\n"), "SUBMISSION_COLUMNS");
  EXPECT_THAT(check("id\n1\n").message(), HasSubstr("missing column(s) y; expected id, y"));
}

TEST_F(SubmissionCheck, RowsMustBeAsMany) {
  EXPECT_EQ(code(""), "SUBMISSION_ROWS");
  EXPECT_EQ(code("id,y\n"), "SUBMISSION_ROWS");
  const auto few = check("id,y\n1,1\n2,2\n");
  EXPECT_EQ(few.code(), "SUBMISSION_ROWS");
  EXPECT_EQ(few.message(), "2 rows are given, 3 expected; id not found: 3");
  EXPECT_EQ(code("id,y\n1,1\n2,2\n3,3\n4,4\n"), "SUBMISSION_ROWS");
}

TEST_F(SubmissionCheck, IdsMustBeTheSamplesEachOnce) {
  const auto unknown = check("id,y\n1,1\n2,2\n4,3\n");
  EXPECT_EQ(unknown.code(), "SUBMISSION_IDS");
  EXPECT_THAT(unknown.message(), HasSubstr("id not found: 3"));
  const auto twice = check("id,y\n1,1\n2,2\n1.0,3\n");
  EXPECT_EQ(twice.code(), "SUBMISSION_IDS");
  EXPECT_THAT(twice.message(), HasSubstr("id 1 stands there twice"));
}

TEST_F(SubmissionCheck, IdsThatAreTextsMatchLetterByLetter) {
  sample_ = "id,y\n007,0\n7,0\nx y,0\n";
  EXPECT_EQ(code("id,y\n7,2\n007,1\nx y,3\n"), "");
  EXPECT_EQ(written(), "id,y\n007,1\n7,2\nx y,3\n");
  EXPECT_EQ(code("id,y\n7,2\n07,1\nx y,3\n"), "SUBMISSION_IDS");
}

TEST_F(SubmissionCheck, MissingValuesAreRefusedAfterTheIdsAreRight) {
  for (const char* blank : {"", "NaN", "null", "None", " NA "}) {
    EXPECT_EQ(code(std::string{"id,y\n1,1\n2,"} + blank + "\n3,3\n"), "SUBMISSION_MISSING_VALUES");
  }
  EXPECT_EQ(code("id,y\n1,\n2,2\n9,3\n"), "SUBMISSION_IDS");
  EXPECT_THAT(check("id,y\n1,1\n2,\n3,3\n").message(), HasSubstr("column y at id 2"));
}

TEST_F(SubmissionCheck, NumbersMustBeFinite) {
  EXPECT_EQ(code("id,y\n1,1\n2,cat\n3,3\n"), "SUBMISSION_TYPES");
  EXPECT_EQ(code("id,y\n1,1\n2,inf\n3,3\n"), "SUBMISSION_TYPES");
  EXPECT_EQ(code("id,y\n1,1\n2,\"1,5\"\n3,3\n"), "SUBMISSION_TYPES");
  EXPECT_EQ(code("id,y\n1,1e-3\n2,-2\n3,3\n"), "");
  ask_for_numbers("rmsle");
  EXPECT_EQ(code("id,y\n1,1\n2,-2\n3,3\n"), "SUBMISSION_RANGE");
}

TEST_F(SubmissionCheck, ProbabilitiesLieBetweenZeroAndOne) {
  rules_.schema.set_target_kind(v1::TARGET_KIND_PROBABILITY);
  rules_.metric_key = "logloss";
  EXPECT_EQ(code("id,y\n1,0.1\n2,1.2\n3,0.3\n"), "SUBMISSION_RANGE");
  EXPECT_EQ(code("id,y\n1,0\n2,1\n3,0.3\n"), "");
  rules_.metric_key = "auc";
  const auto ranked = check("id,y\n1,0.1\n2,1.2\n3,0.3\n");
  EXPECT_TRUE(ranked.accepted());
  EXPECT_THAT(ranked.warnings(), ElementsAre(HasSubstr("order")));
}

TEST_F(SubmissionCheck, LabelsMustBeKnownAndAreSpelledAsTheSampleSpellsThem) {
  ask_for_labels({"False", "True"});
  EXPECT_EQ(code("id,y\n1,true\n2,FALSE\n3,True\n"), "");
  EXPECT_EQ(written(), "id,y\n3,True\n1,True\n2,False\n");
  EXPECT_EQ(code("id,y\n1,0.7\n2,False\n3,True\n"), "SUBMISSION_TYPES");
  ask_for_labels({"0", "1"});
  EXPECT_EQ(code("id,y\n1,1.0\n2,0\n3,1\n"), "");
  EXPECT_EQ(written(), "id,y\n3,1\n1,1\n2,0\n");
}

TEST_F(SubmissionCheck, ALabelMayBeSpelledLikeAMissingValue) {
  ask_for_labels({"none", "some"});
  EXPECT_EQ(code("id,y\n1,none\n2,some\n3,none\n"), "");
  EXPECT_EQ(code("id,y\n1,none\n2,\n3,none\n"), "SUBMISSION_MISSING_VALUES");
}

TEST_F(SubmissionCheck, WholeNumbersStayInTheRangeOfTheTruth) {
  rules_.schema.set_target_kind(v1::TARGET_KIND_INTEGER);
  rules_.metric_key = "qwk";
  for (const char* label : {"0", "3", "7"}) rules_.schema.add_labels(label);
  EXPECT_EQ(code("id,y\n1,1.0\n2,7\n3,0\n"), "");
  EXPECT_EQ(written(), "id,y\n3,0\n1,1\n2,7\n");
  EXPECT_EQ(code("id,y\n1,1.5\n2,7\n3,0\n"), "SUBMISSION_TYPES");
  EXPECT_EQ(code("id,y\n1,8\n2,7\n3,0\n"), "SUBMISSION_RANGE");
}

TEST_F(SubmissionCheck, LabelListsHaveKnownLabelsAndNotTooMany) {
  rules_.schema.set_target_kind(v1::TARGET_KIND_LABEL_LIST);
  rules_.metric_key = "map3";
  for (const char* label : {"ash", "elm", "fir", "oak"}) rules_.schema.add_labels(label);
  EXPECT_EQ(code("id,y\n1,ash oak elm\n2,fir\n3,oak\n"), "");
  EXPECT_EQ(code("id,y\n1,ash oak elm fir\n2,fir\n3,oak\n"), "SUBMISSION_RANGE");
  EXPECT_EQ(code("id,y\n1,ash palm\n2,fir\n3,oak\n"), "SUBMISSION_TYPES");
}

TEST_F(SubmissionCheck, ConstantPredictionsAreNeverASuccess) {
  EXPECT_EQ(code("id,y\n1,5\n2,5.0\n3, 5\n"), "SUBMISSION_CONSTANT");
  EXPECT_EQ(code("id,y\n1,5\n2,5.0000000001\n3,5\n"), "SUBMISSION_CONSTANT");
  rules_.truth_varies = {false};
  EXPECT_EQ(code("id,y\n1,5\n2,5\n3,5\n"), "");
}

TEST_F(SubmissionCheck, OneConstantColumnAmongSeveralIsEnough) {
  sample_ = "id,y,z\n1,0,0\n2,0,0\n";
  rules_.schema.add_target_columns("z");
  rules_.truth_varies = {true, true};
  EXPECT_EQ(code("id,y,z\n1,1,4\n2,2,4\n"), "SUBMISSION_CONSTANT");
  EXPECT_EQ(code("id,y,z\n1,1,4\n2,2,5\n"), "");
}

TEST_F(SubmissionCheck, ClassesMayHaveAConstantColumnButNotAllConstant) {
  ask_for_classes();
  EXPECT_EQ(code("id,ash,oak\n1,0.5,0.5\n2,0.5,0.5\n"), "SUBMISSION_CONSTANT");
  const auto verdict = check("id,ash,oak\n1,0.2,0.5\n2,0.2,0.8\n");
  EXPECT_TRUE(verdict.accepted()) << verdict.message();
  EXPECT_THAT(verdict.warnings(), ElementsAre(HasSubstr("add up"), HasSubstr("Column ash")));
  EXPECT_EQ(code("id,ash,oak\n1,0,0\n2,0.2,0.8\n"), "SUBMISSION_RANGE");
}

TEST_F(SubmissionCheck, ACopyOfTheSampleIsNeverASuccess) {
  sample_ = "id,y\n";
  for (std::uint64_t i = 0; i < kCopyRowsMin; ++i) sample_ += std::format("{},{}.5\n", i, i);
  EXPECT_EQ(code(sample_), "SUBMISSION_COPIES_SAMPLE");
  std::string other = sample_;
  other.replace(other.find("3.5"), 3, "9.5");
  EXPECT_EQ(code(other), "");
}

TEST_F(SubmissionCheck, AFewEqualRowsMayBeCoincidence) {
  sample_ = "id,y\n1,0\n2,1\n";
  const auto verdict = check("id,y\n1,0\n2,1\n");
  EXPECT_TRUE(verdict.accepted());
  EXPECT_THAT(verdict.warnings(), ElementsAre(HasSubstr("equal those of the sample")));
}

TEST_F(SubmissionCheck, WhatIsNoTextIsRefused) {
  EXPECT_EQ(code("id,y\n1,1\n2,\xFF\n3,3\n"), "SUBMISSION_ENCODING");
  EXPECT_EQ(code(std::string{"id,y\n1,1\n2,\0\n3,3\n", 17}), "SUBMISSION_ENCODING");
  EXPECT_EQ(code("id,y\n1,\"1\n2,2\n3,3\n"), "SUBMISSION_ENCODING");
  EXPECT_EQ(code("id,y\n1,\"1\"x\n2,2\n3,3\n"), "SUBMISSION_ENCODING");
  EXPECT_EQ(code(std::string{"\xFF\xFEi\0d\0", 6}), "SUBMISSION_ENCODING");
}

TEST_F(SubmissionCheck, LimitsAreKept) {
  limits_.file_bytes_max = 10;
  EXPECT_EQ(code("id,y\n1,1\n2,2\n3,3\n"), "SUBMISSION_TOO_LARGE");
  limits_ = {};
  limits_.csv.field_bytes_max = 4;
  EXPECT_EQ(code("id,y\n1,1\n2,12345\n3,3\n"), "SUBMISSION_TOO_LARGE");
}

TEST_F(SubmissionCheck, MessagesShowHostileTextCutAndCleaned) {
  const auto verdict = check("id,y\n1,1\n2,\x1B[31m" + std::string(500, 'x') + "\n3,3\n");
  EXPECT_EQ(verdict.code(), "SUBMISSION_TYPES");
  EXPECT_LT(verdict.message().size(), 200U);
  EXPECT_THAT(verdict.message(), ::testing::Not(HasSubstr("\x1B")));
}

TEST_F(SubmissionCheck, QuotesAndLineEndsInIdsSurvive) {
  sample_ = "id,y\n\"a,\"\"b\"\"\",0\n\"c\nd\",0\n";
  EXPECT_EQ(code("id,y\n\"c\nd\",2\n\"a,\"\"b\"\"\",1\n"), "");
  EXPECT_EQ(written(), "id,y\n\"a,\"\"b\"\"\",1\n\"c\nd\",2\n");
}

TEST_F(SubmissionCheck, ManyRowsInAnyOrderComeOutInTheSamplesOrder) {
  constexpr int kRows = 20'000;
  sample_ = "id,y\n";
  std::string shuffled = "id,y\n";
  std::string expected = "id,y\n";
  for (int i = 0; i < kRows; ++i) {
    sample_ += std::format("{},0\n", i);
    expected += std::format("{},{}.25\n", i, i);
    const int other = (i * 7919) % kRows;
    shuffled += std::format("{},{}.25\n", other, other);
  }
  EXPECT_EQ(code(shuffled), "");
  EXPECT_EQ(written(), expected);
}

TEST(SubmissionRules, KnowWhichTruthVaries) {
  v1::CompetitionFacts facts;
  facts.mutable_metric()->set_key("mcrmse");
  facts.mutable_submission()->add_target_columns("a");
  facts.mutable_submission()->add_target_columns("b");
  facts.mutable_task()->set_train_path("train.csv");
  facts.mutable_task()->add_target_columns("a");
  facts.mutable_task()->add_target_columns("b");
  auto* table = facts.add_tables();
  table->set_path("train.csv");
  table->add_columns()->set_name("a");
  table->mutable_columns(0)->set_distinct(1);
  table->add_columns()->set_name("b");
  table->mutable_columns(1)->set_distinct(9);
  EXPECT_THAT(submission_rules(facts).truth_varies, ElementsAre(false, true));
  facts.clear_tables();
  EXPECT_THAT(submission_rules(facts).truth_varies, ElementsAre(true, true));
}

}  // namespace
}  // namespace podium::competition
