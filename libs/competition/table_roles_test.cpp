#include "libs/competition/table_roles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/submission_schema.hpp"

namespace podium::competition {
namespace {

using ::testing::ElementsAre;

struct NamedTable {
  std::string path;
  std::string text;
};

// A few tables, scanned, with the questions that are asked of them.
class Tables {
 public:
  explicit Tables(std::vector<NamedTable> tables) : named_{std::move(tables)} {
    for (const NamedTable& table : named_) {
      TextSource source{table.text};
      scans_.push_back(scan_table(source, table.path).value());
    }
  }
  std::string sample(std::string_view told = "") const {
    const auto at = find_sample_table(scans_, told);
    return at ? named_[static_cast<std::size_t>(*at)].path : "";
  }
  std::optional<int> test() const { return find_test_table(scans_, sample_at(), schema()); }
  std::string test_path() const {
    return test() ? named_[static_cast<std::size_t>(*test())].path : "";
  }
  std::optional<TrainTable> train() const {
    const auto values_of = [&](int table, int column) {
      TextSource source{named_[static_cast<std::size_t>(table)].text};
      return distinct_values(source, column, kLabelsMax);
    };
    return find_train_table(scans_, sample_at(), test(), schema(), values_of).value();
  }
  std::string train_path() const {
    return train() ? named_[static_cast<std::size_t>(train()->table)].path : "";
  }

 private:
  int sample_at() const { return find_sample_table(scans_, "").value(); }
  v1::SubmissionSchema schema() const {
    return read_submission_columns(scans_[static_cast<std::size_t>(sample_at())], "").value();
  }

  std::vector<NamedTable> named_;
  std::vector<TableScan> scans_;
};

TEST(TableRoles, ASampleOfAnotherNameIsFoundByItsColumns) {
  EXPECT_EQ((Tables{{{"answer_format.csv", "id,y\n3,0\n4,0\n"},
                     {"evaluation.csv", "id,x,z\n3,1,1\n4,2,1\n"},
                     {"training_set_final.csv", "id,x,z,y\n1,1,1,0\n2,2,1,1\n5,3,1,1\n"}}})
                .sample(),
            "answer_format.csv");
  EXPECT_EQ((Tables{{{"test.csv", "id,x\n3,1\n4,2\n"}, {"train.csv", "id,x,y\n1,1,0\n2,2,1\n"}}})
                .sample(),
            "");
  EXPECT_EQ((Tables{{{"test.csv", "id,a,b\n3,1,5\n4,2,6\n5,3,7\n"},
                     {"test_weather.csv", "id,w\n3,11\n4,12\n5,13\n"},
                     {"train.csv", "id,a,b,w,y\n1,1,1,1,0\n2,2,2,2,1\n"}}})
                .sample(),
            "")
      << "what differs from row to row is measured, not filled in";
}

TEST(TableRoles, TheUsualNames) {
  const Tables tables{{{"sample_submission.csv", "id,y\n3,0\n4,0\n"},
                       {"test.csv", "id,x\n3,1\n4,2\n"},
                       {"train.csv", "id,x,y\n1,1,0\n2,2,1\n"}}};
  EXPECT_EQ(tables.sample(), "sample_submission.csv");
  EXPECT_EQ(tables.test_path(), "test.csv");
  EXPECT_EQ(tables.train_path(), "train.csv");
  EXPECT_THAT(tables.train()->target_columns, ElementsAre("y"));
}

TEST(TableRoles, OtherNamesAreUnderstood) {
  const Tables tables{{{"data/SampleSubmission.csv", "Id,grade\n3,0\n4,0\n"},
                       {"data/evaluation_set.csv", "Id,x\n3,1\n4,2\n"},
                       {"data/training_set.csv", "Id,x,grade\n1,1,0\n2,2,1\n"}}};
  EXPECT_EQ(tables.sample(), "data/SampleSubmission.csv");
  EXPECT_EQ(tables.test_path(), "data/evaluation_set.csv");
  EXPECT_EQ(tables.train_path(), "data/training_set.csv");
}

TEST(TableRoles, NamesThatSayNothingAreUnderstoodByTheirColumns) {
  const Tables tables{{{"a.csv", "id,x\n3,1\n4,2\n"},
                       {"b.csv", "id,x,y\n1,1,0\n2,2,1\n5,2,1\n"},
                       {"c.csv", "code,name\n1,one\n2,two\n"},
                       {"gender_submission.csv", "id,y\n3,0\n4,0\n"}}};
  EXPECT_EQ(tables.sample(), "gender_submission.csv");
  EXPECT_EQ(tables.test_path(), "a.csv");
  EXPECT_EQ(tables.train_path(), "b.csv");
}

TEST(TableRoles, TheToldSampleWins) {
  const Tables tables{
      {{"answers_like_this.csv", "id,y\n3,0\n"}, {"sample_submission.csv", "id,y\n3,0\n"}}};
  EXPECT_EQ(tables.sample("answers_like_this.csv"), "answers_like_this.csv");
  EXPECT_EQ(tables.sample("gone.csv"), "sample_submission.csv");
}

TEST(TableRoles, WithoutATestTableOnlyTheSampleListsTheIds) {
  const Tables tables{{{"sample_submission.csv", "image_id,label\na,0\nb,0\n"},
                       {"train.csv", "image_id,label\nc,0\nd,1\ne,1\n"}}};
  EXPECT_EQ(tables.test_path(), "");
  EXPECT_EQ(tables.train_path(), "train.csv");
}

TEST(TableRoles, ColumnsNamedAfterClassesLeadToTheLabelColumn) {
  const Tables tables{{{"sample_submission.csv", "id,ash,oak,elm\n3,0.3,0.3,0.4\n4,0.3,0.3,0.4\n"},
                       {"train.csv", "id,species,edge\n1,oak,yes\n2,ash,no\n3,elm,no\n"}}};
  ASSERT_TRUE(tables.train());
  EXPECT_TRUE(tables.train()->columns_are_classes);
  EXPECT_THAT(tables.train()->target_columns, ElementsAre("species"));
}

TEST(TableRoles, ClassColumnsMayHaveAPrefix) {
  const Tables tables{{{"sample_submission.csv", "id,Class_1,Class_2\n3,0.5,0.5\n4,0.5,0.5\n"},
                       {"train.csv", "id,x,target\n1,7,1\n2,8,2\n3,9,1\n"}}};
  ASSERT_TRUE(tables.train());
  EXPECT_TRUE(tables.train()->columns_are_classes);
  EXPECT_THAT(tables.train()->target_columns, ElementsAre("target"));
}

TEST(TableRoles, ATargetUnderAnotherNameIsWhatTheTestTableLacks) {
  const Tables tables{{{"sample_submission.csv", "id,prediction\n3,0\n4,0\n"},
                       {"test.csv", "id,x\n3,1\n4,2\n"},
                       {"train.csv", "id,x,price\n1,1,10\n2,2,20\n5,3,30\n"}}};
  ASSERT_TRUE(tables.train());
  EXPECT_THAT(tables.train()->target_columns, ElementsAre("price"));
}

TEST(TableRoles, AnswersThatLieAboutAreNotTakenForTheTrainingRows) {
  const Tables tables{{{"sample_submission.csv", "id,y\n3,0\n4,0\n"},
                       {"solution.csv", "id,y\n3,1\n4,0\n"},
                       {"test_labels.csv", "id,y\n3,1\n4,0\n"}}};
  EXPECT_FALSE(tables.train());
}

}  // namespace
}  // namespace podium::competition
