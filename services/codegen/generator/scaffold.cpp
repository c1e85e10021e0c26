#include "services/codegen/generator/scaffold.hpp"

#include <format>

#include "libs/competition/reasons.hpp"
#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/competition_constants.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/program_pieces.hpp"
#include "services/codegen/generator/scaffold_contract.hpp"
#include "services/codegen/generator/solution_summary.hpp"

namespace podium::codegen {
namespace {

/// Stands for the hole while the program is put together. Literals of Python are escaped and
/// templates hold no control characters, so it stands nowhere else.
constexpr char kHole = '\x01';

/// A function of the model's has no other answer to fall back on, so it may use the whole run.
SolutionChoice scaffold_choice() {
  return {.families = {}, .folds = 5, .seconds_max = kImprovementSeconds};
}

bool is_chance(Form form) {
  return form == Form::binary || form == Form::classes || form == Form::binary_columns;
}

class ScaffoldWriter {
 public:
  ScaffoldWriter(const TemplateLibrary& templates, const Problem& problem, const ColumnRoles& roles,
                 const SolutionChoice& choice)
      : builder_{templates}, pieces_{builder_, problem, roles, choice}, problem_{problem} {}

  Result<std::string> write(std::string_view validation) {
    PODIUM_TRY(pieces_.add_data("plain_names(features.columns)"));
    PODIUM_TRY(add_hole());
    PODIUM_TRY(pieces_.add_metric());
    PODIUM_TRY(pieces_.add_folds());
    PODIUM_TRY(pieces_.add_fold_tables());
    PODIUM_TRY(add_validation());
    PODIUM_TRY(builder_.add("report"));
    PODIUM_TRY(pieces_.add_submission());
    constexpr std::string_view kWithinFunction = "    ";
    PODIUM_TRY(pieces_.fill_main(kWithinFunction));
    PODIUM_TRY(builder_.add("numbers_of_folds"));
    PODIUM_TRY(builder_.add("main_function"));
    return builder_.program(
        std::format("Predicts {}.\n\nThe model is the function {};\n{}.\nThe last line of the "
                    "output is the score on rows that no model has seen.\n",
                    predicted_by(problem_.form), kScaffoldFunction, validation));
  }

  std::string requirements() const { return requirements_of(builder_.modules()); }

 private:
  // The function, and what it may call.
  Result<void> add_hole() {
    if (!problem_.images) {
      PODIUM_TRY(builder_.add("plain_names"));
      PODIUM_TRY(builder_.add("as_numbers"));
    }
    const bool chance = is_chance(problem_.form);
    PODIUM_TRY(builder_.add(problem_.form == Form::classes ? "outputs_classes"
                            : chance                       ? "outputs_binary"
                                                           : "outputs_number"));
    builder_.set("HOLE", std::string{kHole});
    return builder_.add("model_function");
  }

  Result<void> add_validation() {
    const bool chance = is_chance(problem_.form);
    builder_.set("TOGETHER", problem_.images ? "np.concatenate(others)"
                                             : "pd.concat(others, ignore_index=True)");
    builder_.set("FRESH", problem_.images ? "x" : "x.reset_index(drop=True)");
    builder_.set("COLUMNS_TAKEN", chance ? "2" : "1");
    builder_.set("CHECKS", "");
    if (chance) PODIUM_TRY(builder_.add_to("CHECKS", "check_chances"));
    PODIUM_TRY(builder_.add("function_predictions"));
    return builder_.add(problem_.forward    ? "validate_function_forward"
                        : several(problem_) ? "validate_function_columns"
                                            : "validate_function");
  }

  ProgramBuilder builder_;
  ProgramPieces pieces_;
  const Problem& problem_;
};

}  // namespace

Result<Scaffold> make_scaffold(const TemplateLibrary& templates,
                               const v1::CompetitionFacts& facts) {
  const Problem problem = PODIUM_TRY(problem_of(facts));
  if (problem.images && several(problem)) {
    return fail(competition::reasons::kDraftFailed,
                "there is no scaffold for pictures with several targets");
  }
  const ColumnRoles roles = PODIUM_TRY(known_roles(problem));
  const SolutionChoice choice = scaffold_choice();
  const std::string validation = validation_of(problem, choice);
  ScaffoldWriter writer{templates, problem, roles, choice};
  const std::string program = PODIUM_TRY(writer.write(validation));
  const std::size_t hole = program.find(kHole);
  auto contract = scaffold_contract(problem, roles, choice);
  return Scaffold{.before = program.substr(0, hole),
                  .after = program.substr(hole + 1),
                  .signature = std::move(contract.signature),
                  .docstring = std::move(contract.docstring),
                  .contract = std::move(contract.text),
                  .requirements = writer.requirements(),
                  .needs = needs_of(problem),
                  .validation = validation};
}

}  // namespace podium::codegen
