#include "services/codegen/generator/scaffold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "services/codegen/generator/generator_testing.hpp"
#include "services/codegen/generator/testing/competition_kinds.hpp"
#include "services/codegen/generator/testing/python_programs.hpp"

namespace podium::codegen {
namespace {

using testing::binary_facts;
using testing::class_facts;
using testing::competitions;
using testing::generator_folder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_facts;
using testing::templates;

constexpr std::string_view kFunction = R"(from sklearn.dummy import DummyClassifier


def fit_predict(train_x, train_y, test_x):
    model = DummyClassifier().fit(train_x, train_y)
    return outputs(model, test_x)
)";

Scaffold scaffold_of(const v1::CompetitionFacts& facts) {
  auto scaffold = make_scaffold(templates(), facts);
  EXPECT_TRUE(scaffold.has_value()) << scaffold.error().text();
  return *std::move(scaffold);
}

std::string program_of(const v1::CompetitionFacts& facts) {
  return fill_scaffold(scaffold_of(facts), kFunction).value();
}

class ScaffoldPrograms : public testing::Programs {};

TEST_F(ScaffoldPrograms, OfEveryKindCompileAndNameNothingThatTheyDoNotDefine) {
  for (const auto& [name, facts] : competitions()) write(name + ".py", program_of(facts));
  EXPECT_EQ(python("-m compileall -q ."), 0);
  EXPECT_EQ(python("'" + (generator_folder() / "golden/check_names.py").string() + "' *.py"), 0);
}

TEST_F(ScaffoldPrograms, HostileNamesStayLiterals) {
  write("plain.py", program_of(binary_facts()));
  std::string arguments;
  const auto names = testing::hostile_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto facts = testing::renamed(binary_facts(), names[i]);
    const std::string name = "hostile" + std::to_string(i);
    write(name + ".py", program_of(facts));
    write(name + ".txt", facts.task().target_columns(0));
    arguments += " " + name;
  }
  const std::string script = (generator_folder() / "golden/check_literals.py").string();
  EXPECT_EQ(python("'" + script + "' plain.py" + arguments), 0);
}

TEST(Scaffold, FillsEveryPlaceAndKeepsLinesShort) {
  for (const auto& [name, facts] : competitions()) {
    const Scaffold scaffold = scaffold_of(facts);
    const std::string program = program_of(facts);
    EXPECT_THAT(program, Not(HasSubstr("{{"))) << name;
    EXPECT_THAT(program, Not(HasSubstr("\x01"))) << name;
    std::istringstream lines{program};
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << name << ": " << line;
    }
    EXPECT_THAT(scaffold.contract, HasSubstr(scaffold.signature)) << name;
    EXPECT_THAT(scaffold.contract, HasSubstr("Returns")) << name;
  }
}

TEST(Scaffold, WritesTheGoldenProgramAndContract) {
  testing::expect_golden(program_of(binary_facts()), "binary_scaffold.py");
  testing::expect_golden(scaffold_of(testing::rich_facts()).contract, "rich_contract.md");
}

TEST(Scaffold, LeavesOutWhatTheCompetitionDoesNotNeed) {
  const Scaffold binary = scaffold_of(binary_facts());
  const std::string program = binary.before + binary.after;
  for (const auto* piece : {"lightgbm", "blend_weights", "BLEND_ROUNDS", "pixels", "topics",
                            "learn_answer", "LOOKUPS", "MODELS"}) {
    EXPECT_THAT(program, Not(HasSubstr(piece)));
  }
  EXPECT_THAT(scaffold_of(binary_facts("f1")).after, HasSubstr("learn_answer"));
}

TEST(Scaffold, TellsTheFunctionWhatItGetsAndGives) {
  EXPECT_THAT(scaffold_of(binary_facts()).docstring, HasSubstr("probability of 1"));
  EXPECT_THAT(scaffold_of(class_facts()).docstring, HasSubstr("(rows, classes)"));
  EXPECT_THAT(scaffold_of(number_facts("rmsle")).docstring, HasSubstr("log(1 + target)"));
  EXPECT_THAT(scaffold_of(testing::two_targets(number_facts("mcrmse"))).docstring,
              HasSubstr("several targets"));
  EXPECT_THAT(scaffold_of(testing::picture_facts(class_facts())).signature,
              HasSubstr("train_x: np.ndarray"));
  EXPECT_THAT(scaffold_of(competitions().at("texts")).contract, HasSubstr("`review`"));
}

TEST(Scaffold, NamesOfTheFactsCannotActInTheContract) {
  for (const auto& name : testing::hostile_names()) {
    const auto contract = scaffold_of(testing::renamed(binary_facts(), name)).contract;
    EXPECT_EQ(std::ranges::count(contract, '`') % 2, 0);
    EXPECT_THAT(contract, Not(HasSubstr("\xE2\x80\xAE")));
    EXPECT_EQ(std::ranges::count(contract, '\n'),
              std::ranges::count(scaffold_of(binary_facts()).contract, '\n'));
  }
}

TEST(Scaffold, RefusesPicturesWithSeveralTargetsAndFactsThatSayTooLittle) {
  const auto several = testing::two_targets(testing::picture_facts(number_facts("mcrmse")));
  const auto refused = make_scaffold(templates(), several);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code->disposition, Disposition::reject);
  EXPECT_FALSE(make_scaffold(templates(), v1::CompetitionFacts{}).has_value());
}

}  // namespace
}  // namespace podium::codegen
