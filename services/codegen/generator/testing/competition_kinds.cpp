#include "services/codegen/generator/testing/competition_kinds.hpp"

#include <algorithm>

#include "libs/competition/metric_catalogue.hpp"
#include "services/codegen/generator/generator_testing.hpp"

namespace podium::codegen::testing {
namespace {

void add_column(v1::CompetitionFacts& facts, const TestColumn& column) {
  *facts.mutable_tables(0)->add_columns() = profile_of(column, 1000);
  *facts.mutable_tables(1)->add_columns() = profile_of(column, 500);
}

v1::CompetitionFacts two_targets(v1::CompetitionFacts facts, const TestColumn& second) {
  *facts.mutable_tables(0)->add_columns() = profile_of(second, 1000);
  facts.mutable_task()->add_target_columns(second.name);
  facts.mutable_submission()->add_target_columns(second.name);
  return facts;
}

v1::CompetitionFacts class_column_facts(const std::string& prefix) {
  auto facts = class_facts("multiclass_logloss");
  auto& submission = *facts.mutable_submission();
  submission.set_columns_are_classes(true);
  submission.clear_target_columns();
  for (const auto* kind : {"red", "green", "blue"}) submission.add_target_columns(prefix + kind);
  return facts;
}

v1::CompetitionFacts joined_facts() {
  auto facts = binary_facts("auc");
  add_column(facts, {"start_time", v1::COLUMN_TYPE_INTEGER, 600, 0, 2359, "1545"});
  add_column(facts, {"month", v1::COLUMN_TYPE_INTEGER, 12, 1, 12});
  add_column(facts, {"day", v1::COLUMN_TYPE_INTEGER, 31, 1, 31});
  add_table(facts, "towns.csv", 12,
            {{"Town", v1::COLUMN_TYPE_CATEGORY, 12}, {"people", v1::COLUMN_TYPE_INTEGER, 12}});
  add_table(facts, "payments.csv", 9000,
            {{"Id", v1::COLUMN_TYPE_INTEGER, 1400}, {"amount", v1::COLUMN_TYPE_REAL, 800}});
  return facts;
}

v1::CompetitionFacts sound_facts() {
  auto facts = picture_facts(class_facts());
  facts.mutable_task()->set_image_extension(".wav");
  return facts;
}

v1::CompetitionFacts without_test() {
  auto facts = binary_facts("auc");
  facts.mutable_task()->clear_test_path();
  add_table(facts, "features.csv", 1500,
            {{"Id", v1::COLUMN_TYPE_INTEGER, 1500}, {"x", v1::COLUMN_TYPE_REAL, 900}});
  return facts;
}

v1::CompetitionFacts huge_facts() {
  auto facts = number_facts();
  auto& file = *facts.add_files();
  file.set_path("train.csv");
  file.set_bytes(std::uint64_t{9} << 30U);
  return facts;
}

v1::CompetitionFacts forward_facts(v1::ColumnType type) {
  auto facts = number_facts("smape");
  add_column(facts, {"when", type, 400, 0, 400, "", "%Y-%m-%d"});
  facts.mutable_task()->set_time_column("when");
  return facts;
}

v1::CompetitionFacts text_facts(v1::CompetitionFacts facts) {
  add_column(facts, {"review", v1::COLUMN_TYPE_TEXT, 990, 0, 0, "I liked it", "", 400});
  return facts;
}

v1::CompetitionFacts with_streets(v1::CompetitionFacts facts) {
  add_column(facts, {"Street", v1::COLUMN_TYPE_CATEGORY, 200});
  return facts;
}

v1::CompetitionFacts without_id(v1::CompetitionFacts facts) {
  facts.mutable_task()->clear_id_column();
  facts.mutable_submission()->set_id_column("row");
  facts.mutable_tables(1)->mutable_columns(0)->set_name("other");
  return facts;
}

}  // namespace

v1::CompetitionFacts rich_facts() {
  auto facts = number_facts("rmsle");
  for (const auto* name : {"read1", "read2", "read3"}) add_column(facts, {name});
  add_column(facts, {"school_id", v1::COLUMN_TYPE_INTEGER, 70});
  add_column(facts, {"opened", v1::COLUMN_TYPE_DATE, 400, 0, 0, "1", "%Y-%m-%d %H:%M"});
  add_column(facts, {"Owner", v1::COLUMN_TYPE_TEXT, 900, 0, 0, "Mack, Mrs Mary", "", 20});
  for (int column : {1, 2}) {
    facts.mutable_tables(0)->mutable_columns(column)->set_missing(3);
  }
  return facts;
}

v1::CompetitionFacts picture_facts(v1::CompetitionFacts facts) {
  auto& task = *facts.mutable_task();
  task.clear_test_path();
  task.set_train_images("train");
  task.set_test_images("test");
  task.set_image_extension(".png");
  return facts;
}

v1::CompetitionFacts two_targets(v1::CompetitionFacts facts) {
  return two_targets(std::move(facts), TestColumn{"Rent", v1::COLUMN_TYPE_REAL, 900});
}

std::map<std::string, v1::CompetitionFacts> competitions() {
  const TestColumn rent{"Rent", v1::COLUMN_TYPE_REAL, 900};
  const TestColumn flag{"Moved", v1::COLUMN_TYPE_INTEGER, 2, 0, 1, "0"};
  std::map<std::string, v1::CompetitionFacts> all{
      {"class_columns", class_column_facts("")},
      {"class_columns_prefixed", class_column_facts("Kind_")},
      {"class_columns_in_order", without_id(class_column_facts(""))},
      {"many_valued_classes", with_streets(class_facts("macro_f1"))},
      {"many_valued_columns", with_streets(two_targets(number_facts("mcrmse"), rent))},
      {"two_numbers", two_targets(number_facts("mcrmse"), rent)},
      {"two_numbers_in_order", without_id(two_targets(number_facts("mcrmse"), rent))},
      {"two_flags", two_targets(binary_facts("mcauc"), flag)},
      {"in_order", without_id(binary_facts())},
      {"pictures", picture_facts(class_facts())},
      {"picture_numbers", picture_facts(number_facts())},
      {"joined", joined_facts()},
      {"sounds", sound_facts()},
      {"without_test", without_test()},
      {"huge", huge_facts()},
      {"rich", rich_facts()},
      {"forward_date", forward_facts(v1::COLUMN_TYPE_DATE)},
      {"forward_number", forward_facts(v1::COLUMN_TYPE_INTEGER)},
      {"texts", text_facts(binary_facts("f1"))},
      {"text_numbers", text_facts(number_facts("mae"))},
  };
  auto below_zero = number_facts();
  below_zero.mutable_tables(0)->mutable_columns(3)->set_min(-5);
  all.emplace("below_zero", below_zero);
  for (const auto& entry : competition::metric_catalogue()) {
    const std::string key{entry.key};
    all.emplace("binary_" + key, binary_facts(key));
    all.emplace("classes_" + key, class_facts(key));
    all.emplace("number_" + key, number_facts(key));
    all.emplace("columns_" + key, two_targets(number_facts(key), rent));
    all.emplace("flags_" + key, two_targets(binary_facts(key), flag));
  }
  return all;
}

bool by_metric(const std::string& name) {
  const std::string metric = name.substr(std::min(name.find('_'), name.size() - 1) + 1);
  return competition::find_metric(metric) != nullptr;
}

std::vector<std::string> hostile_names() {
  return {"\"); import os; os.system(\"x\") #",
          "'''\n\"\"\"\nraise SystemExit\n",
          "a\\",
          "\\\"\n__import__('os')",
          "{{TARGET}} {METRIC} %s {0}",
          "# -*- coding: utf-7 -*-\r\nx",
          "\xE2\x80\xAE"
          "evil\xE2\x80\xA8next\xC2\x85line",
          std::string{"nul\0byte", 8}};
}

v1::CompetitionFacts renamed(v1::CompetitionFacts facts, const std::string& name) {
  const auto rename = [&](std::string* text) { *text = name + *text; };
  rename(facts.mutable_slug());
  rename(facts.mutable_title());
  for (auto& table : *facts.mutable_tables()) {
    rename(table.mutable_path());
    for (auto& column : *table.mutable_columns()) rename(column.mutable_name());
  }
  auto& task = *facts.mutable_task();
  rename(task.mutable_train_path());
  rename(task.mutable_test_path());
  rename(task.mutable_id_column());
  for (auto& target : *task.mutable_target_columns()) rename(&target);
  auto& submission = *facts.mutable_submission();
  rename(submission.mutable_path());
  rename(submission.mutable_id_column());
  for (auto& target : *submission.mutable_target_columns()) rename(&target);
  return facts;
}

}  // namespace podium::codegen::testing
