#include "services/codegen/generator/solution_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>

#include "services/codegen/generator/generator_testing.hpp"
#include "services/codegen/generator/scaffold.hpp"
#include "services/codegen/generator/testing/competition_kinds.hpp"
#include "services/codegen/generator/testing/python_programs.hpp"

namespace podium::codegen {
namespace {

using testing::binary_facts;
using testing::by_metric;
using testing::competitions;
using testing::expect_golden;
using testing::generator_folder;
using ::testing::HasSubstr;
using testing::hostile_names;
using ::testing::Not;
using testing::number_facts;
using testing::Programs;
using testing::read_file;
using testing::renamed;
using testing::rich_facts;
using testing::templates;

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

// One choice is enough for those that differ in their metric only.
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

// Training and test rows may both be numbered from 0.
TEST(SolutionWriter, OfHalvesTheOwnOneTells) {
  auto facts = binary_facts();
  for (const auto* name : {"train_more.csv", "test_more.csv"}) {
    add_table(facts, name, 1000,
              {{"Id", v1::COLUMN_TYPE_INTEGER, 1000}, {"x", v1::COLUMN_TYPE_REAL, 900}});
  }
  for (const auto* name : {"train_visits.csv", "test_visits.csv"}) {
    add_table(facts, name, 9000,
              {{"Id", v1::COLUMN_TYPE_INTEGER, 1000}, {"z", v1::COLUMN_TYPE_REAL, 900}});
  }
  const auto code = write_solution(templates(), facts, choices().front()).value().code;
  const std::string_view own = "halves = names if file == TRAIN_FILE else names[::-1]";
  ASSERT_THAT(code, HasSubstr(own));
  EXPECT_THAT(code.substr(code.find(own) + own.size()), HasSubstr(own));
  EXPECT_THAT(code, HasSubstr("add_lookups(table, name)"));
  EXPECT_THAT(code, HasSubstr("more[~more[key].isin(rows[key])]"));
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
  EXPECT_EQ(python("'" + (generator_folder() / "golden/check_names.py").string() + "' *.py"), 0);
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
  for (const auto& [name, facts] : competitions()) {
    const auto scaffold = make_scaffold(templates(), facts);
    if (scaffold) everything += scaffold->before + scaffold->after;
  }
  for (const std::string& name : templates().names()) {
    std::string text = read_file(generator_folder() / "templates" / (name + ".py.tmpl"));
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
  const std::string script = (generator_folder() / "golden/check_literals.py").string();
  EXPECT_EQ(python("'" + script + "' plain.py" + arguments), 0);
}

TEST(SolutionWriter, WritesTheGoldenProgram) {
  const auto choice = plan_of_variant(v1::CANDIDATE_KIND_DRAFT, 0);
  const auto solution = write_solution(templates(), binary_facts(), choice);
  ASSERT_TRUE(solution.has_value());
  expect_golden(solution->code, "binary_draft.py");
}

TEST(SolutionWriter, NeedsOnlyWhatTheSandboxHas) {
  const std::string pinned =
      "\n" + read_file(testing::source_folder() / "sandbox/requirements.txt");
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
