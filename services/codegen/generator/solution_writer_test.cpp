#include "services/codegen/generator/solution_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include <unistd.h>

#include "libs/competition/metric_catalogue.hpp"
#include "services/codegen/generator/generator_testing.hpp"

namespace podium::codegen {
namespace {

namespace fs = std::filesystem;
using testing::add_table;
using testing::binary_facts;
using testing::class_facts;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_facts;
using testing::TestColumn;

const fs::path kSource{PODIUM_SOURCE_DIR};
const fs::path kGenerator = kSource / "services/codegen/generator";

const TemplateLibrary& templates() {
  static const auto library = TemplateLibrary::load(kGenerator / "templates").value();
  return library;
}

std::string read_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder of programs, checked by the Python that stands in the toolchain.
class Programs : public ::testing::Test {
 protected:
  Programs()
      : folder_{fs::temp_directory_path() / ("podium-programs-" + std::to_string(getpid()))} {
    fs::create_directories(folder_);
  }
  ~Programs() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }

  // The exit status of `python3 <arguments>` in the folder.
  int python(const std::string& arguments) const {
    return std::system(("cd '" + folder_.string() + "' && python3 " + arguments).c_str());
  }

  fs::path folder_;
};

void add_column(v1::CompetitionFacts& facts, const TestColumn& column) {
  *facts.mutable_tables(0)->add_columns() = testing::profile_of(column, 1000);
  *facts.mutable_tables(1)->add_columns() = testing::profile_of(column, 500);
}

v1::CompetitionFacts two_targets(v1::CompetitionFacts facts, const TestColumn& second) {
  *facts.mutable_tables(0)->add_columns() = testing::profile_of(second, 1000);
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

v1::CompetitionFacts picture_facts(v1::CompetitionFacts facts) {
  auto& task = *facts.mutable_task();
  task.clear_test_path();
  task.set_train_images("train");
  task.set_test_images("test");
  task.set_image_extension(".png");
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

// Every kind of competition that the writer treats in its own way.
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

std::vector<SolutionChoice> choices() {
  std::vector<SolutionChoice> all;
  for (std::uint32_t variant = 0; variant < 3; ++variant) {
    all.push_back(plan_of_variant(v1::CANDIDATE_KIND_DRAFT, variant));
  }
  for (std::uint32_t variant = 0; variant < 2; ++variant) {
    all.push_back(plan_of_variant(v1::CANDIDATE_KIND_IMPROVE, variant));
    all.push_back(plan_of_variant(v1::CANDIDATE_KIND_DEBUG, variant));
  }
  return all;
}

// One of the many that differ in their metric only: one choice is enough.
bool by_metric(const std::string& name) {
  const std::string metric = name.substr(std::min(name.find('_'), name.size() - 1) + 1);
  return competition::find_metric(metric) != nullptr;
}

void for_every_program(const std::function<void(const std::string&, const SolutionText&)>& see) {
  for (const auto& [name, facts] : competitions()) {
    const std::size_t tried = by_metric(name) ? 1 : choices().size();
    for (std::size_t i = 0; i < tried; ++i) {
      const auto solution = write_solution(templates(), facts, choices()[i]);
      ASSERT_TRUE(solution.has_value()) << name << ": " << solution.error().text();
      see(name + "_" + std::to_string(i), *solution);
    }
  }
}

TEST_F(Programs, OfEveryKindCompile) {
  for_every_program([&](const std::string& name, const SolutionText& solution) {
    write(name + ".py", solution.code);
  });
  EXPECT_EQ(python("-m compileall -q ."), 0);
}

TEST_F(Programs, NameNothingThatTheyDoNotDefine) {
  for_every_program([&](const std::string& name, const SolutionText& solution) {
    write(name + ".py", solution.code);
  });
  EXPECT_EQ(python("'" + (kGenerator / "golden/check_names.py").string() + "' *.py"), 0);
}

TEST(SolutionWriter, FillsEveryPlaceAndKeepsLinesShort) {
  for_every_program([](const std::string& name, const SolutionText& solution) {
    EXPECT_THAT(solution.code, Not(HasSubstr("{{"))) << name;
    std::istringstream lines{solution.code};
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << name << ": " << line;
    }
  });
}

TEST(SolutionWriter, GivesTheSameTextTwice) {
  const auto facts = rich_facts();
  const auto choice = plan_of_variant(v1::CANDIDATE_KIND_DRAFT, 1);
  EXPECT_EQ(write_solution(templates(), facts, choice)->code,
            write_solution(templates(), facts, choice)->code);
}

TEST(SolutionWriter, DraftsDiffer) {
  const auto facts = binary_facts();
  std::set<std::string> lines;
  for (std::uint32_t variant = 0; variant < 3; ++variant) {
    const auto choice = plan_of_variant(v1::CANDIDATE_KIND_DRAFT, variant);
    lines.insert(write_solution(templates(), facts, choice)->plan_line);
  }
  EXPECT_EQ(lines.size(), 3U);
}

TEST(SolutionWriter, UsesEveryTemplate) {
  std::string everything;
  for_every_program(
      [&](const std::string&, const SolutionText& solution) { everything += solution.code; });
  for (const std::string& name : templates().names()) {
    std::string text = read_file(kGenerator / "templates" / (name + ".py.tmpl"));
    text = text.substr(0, text.find("{{"));
    const std::size_t body = text.rfind("\ndef ");
    if (body != std::string::npos) text = text.substr(body);
    while (text.starts_with("import ") || text.starts_with("from ") || text.starts_with('\n')) {
      const auto line_end = text.find('\n');
      text.erase(0, line_end == std::string::npos ? line_end : line_end + 1);
    }
    EXPECT_NE(everything.find(text), std::string::npos) << name;
  }
}

// Names that would act if they reached the program as anything but literals.
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

TEST_F(Programs, HostileNamesStayLiterals) {
  const auto choice = plan_of_variant(v1::CANDIDATE_KIND_DRAFT, 0);
  write("plain.py", write_solution(templates(), binary_facts(), choice)->code);
  std::string arguments;
  for (std::size_t i = 0; i < hostile_names().size(); ++i) {
    const auto facts = renamed(binary_facts(), hostile_names()[i]);
    const auto solution = write_solution(templates(), facts, choice);
    ASSERT_TRUE(solution.has_value());
    const std::string name = "hostile" + std::to_string(i);
    write(name + ".py", solution->code);
    write(name + ".txt", facts.task().target_columns(0));
    EXPECT_THAT(solution->plan, Not(HasSubstr(hostile_names()[i])));
    arguments += " " + name;
  }
  const std::string script = (kGenerator / "golden/check_literals.py").string();
  EXPECT_EQ(python("'" + script + "' plain.py" + arguments), 0);
}

TEST(SolutionWriter, WritesTheGoldenProgram) {
  const auto choice = plan_of_variant(v1::CANDIDATE_KIND_DRAFT, 0);
  const auto solution = write_solution(templates(), binary_facts(), choice);
  ASSERT_TRUE(solution.has_value());
  const fs::path golden = kGenerator / "golden/binary_draft.py";
  if (std::getenv("PODIUM_UPDATE_GOLDEN") != nullptr) std::ofstream{golden} << solution->code;
  EXPECT_EQ(solution->code, read_file(golden))
      << "If the change is meant, run this test with PODIUM_UPDATE_GOLDEN=1 and read the diff.";
}

TEST(SolutionWriter, NeedsOnlyWhatTheSandboxHas) {
  const std::string pinned = "\n" + read_file(kSource / "sandbox/requirements.txt");
  for_every_program([&](const std::string&, const SolutionText& solution) {
    std::istringstream lines{solution.requirements};
    for (std::string package; std::getline(lines, package);) {
      EXPECT_THAT(pinned, HasSubstr("\n" + package + "==")) << package;
    }
  });
}

TEST(SolutionWriter, SaysWhatAMendedCandidateLeavesOut) {
  const auto careful =
      write_solution(templates(), rich_facts(), plan_of_variant(v1::CANDIDATE_KIND_DEBUG, 0));
  ASSERT_TRUE(careful.has_value());
  EXPECT_THAT(careful->code, Not(HasSubstr("RATIOS")));
  EXPECT_THAT(careful->code, Not(HasSubstr("lightgbm")));
  EXPECT_THAT(careful->plan_line, HasSubstr("extra trees"));
}

TEST(SolutionWriter, SaysWhenAMetricIsStoodInFor) {
  const auto solution =
      write_solution(templates(), number_facts(""), plan_of_variant(v1::CANDIDATE_KIND_DRAFT, 0));
  ASSERT_TRUE(solution.has_value());
  EXPECT_THAT(solution->plan, HasSubstr("stands in"));
  EXPECT_THAT(solution->code, HasSubstr("METRIC = \"rmse\""));
}

TEST(SolutionWriter, RefusesFactsThatSayTooLittle) {
  EXPECT_FALSE(write_solution(templates(), v1::CompetitionFacts{}, SolutionChoice{}).has_value());
}

TEST(SolutionPlan, EveryVariantHasModelsAndFolds) {
  for (std::uint32_t variant = 0; variant < 20; ++variant) {
    for (const auto kind : {v1::CANDIDATE_KIND_DRAFT, v1::CANDIDATE_KIND_DEBUG,
                            v1::CANDIDATE_KIND_IMPROVE, v1::CANDIDATE_KIND_ENSEMBLE}) {
      const auto choice = plan_of_variant(kind, variant);
      EXPECT_FALSE(choice.families.empty());
      EXPECT_GE(choice.folds, 2U);
      EXPECT_GE(choice.seeds, 1U);
    }
  }
}

}  // namespace
}  // namespace podium::codegen
