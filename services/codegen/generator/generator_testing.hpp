// Facts of small competitions, for tests of the generator.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "podium/v1/competition.pb.h"

namespace podium::codegen::testing {

struct TestColumn {
  std::string name;
  v1::ColumnType type = v1::COLUMN_TYPE_REAL;
  std::uint64_t distinct = 200;
  double min = 0;
  double max = 100;
  std::string example = {};
  std::string date_format = {};
  double length_mean = 5;
};

inline v1::ColumnProfile profile_of(const TestColumn& column, std::uint64_t rows) {
  v1::ColumnProfile profile;
  profile.set_name(column.name);
  profile.set_type(column.type);
  profile.set_distinct(column.distinct);
  profile.set_min(column.min);
  profile.set_max(column.max);
  if (!column.example.empty()) profile.add_examples(column.example);
  profile.set_date_format(column.date_format);
  profile.set_length_mean(column.length_mean);
  profile.set_identifies_rows(column.distinct == rows);
  return profile;
}

inline void add_table(v1::CompetitionFacts& facts, const std::string& path, std::uint64_t rows,
                      std::initializer_list<TestColumn> columns) {
  auto& table = *facts.add_tables();
  table.set_path(path);
  table.set_rows(rows);
  table.set_delimiter(",");
  for (const TestColumn& column : columns) *table.add_columns() = profile_of(column, rows);
}

/// A training table of 1,000 rows with columns `id`, "Age" (number), "Town" (category) and
/// `target`; a test table of 500 rows; a sample submission of `id` and `target`.
inline v1::CompetitionFacts small_facts(const TestColumn& target, const std::string& metric,
                                        v1::TaskKind kind, const std::string& id = "Id") {
  v1::CompetitionFacts facts;
  facts.set_slug("towns");
  facts.set_title("Towns");
  facts.mutable_metric()->set_key(metric);
  const TestColumn age{"Age", v1::COLUMN_TYPE_REAL, 300};
  const TestColumn town{"Town", v1::COLUMN_TYPE_CATEGORY, 12};
  const TestColumn row{id, v1::COLUMN_TYPE_INTEGER, 1000, 1, 1000};
  const TestColumn test_row{id, v1::COLUMN_TYPE_INTEGER, 500, 1001, 1500};
  add_table(facts, "train.csv", 1000, {row, age, town, target});
  add_table(facts, "test.csv", 500, {test_row, age, town});
  add_table(facts, "sample_submission.csv", 500, {test_row, target});
  auto& task = *facts.mutable_task();
  task.set_kind(kind);
  task.set_train_path("train.csv");
  task.set_test_path("test.csv");
  task.add_target_columns(target.name);
  task.set_id_column(id);
  auto& submission = *facts.mutable_submission();
  submission.set_path("sample_submission.csv");
  submission.set_id_column(id);
  submission.add_target_columns(target.name);
  submission.set_rows(500);
  return facts;
}

inline v1::CompetitionFacts binary_facts(const std::string& metric = "accuracy") {
  return small_facts({"Left", v1::COLUMN_TYPE_INTEGER, 2, 0, 1, "0"}, metric, v1::TASK_KIND_BINARY);
}

inline v1::CompetitionFacts class_facts(const std::string& metric = "accuracy") {
  return small_facts({"Kind", v1::COLUMN_TYPE_CATEGORY, 5, 0, 0, "red"}, metric,
                     v1::TASK_KIND_MULTICLASS);
}

inline v1::CompetitionFacts number_facts(const std::string& metric = "rmse") {
  return small_facts({"Price", v1::COLUMN_TYPE_REAL, 900, 1, 99}, metric, v1::TASK_KIND_REGRESSION);
}

}  // namespace podium::codegen::testing
