#include "services/codegen/generator/solution_writer.hpp"

#include <string_view>

#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/competition_constants.hpp"
#include "services/codegen/generator/model_pieces.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/program_pieces.hpp"
#include "services/codegen/generator/solution_summary.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kNumberedColumns =
    "[f\"x{i}\" for i in range(features.shape[1])]  # names that all libraries take";

class Writer {
 public:
  Writer(const TemplateLibrary& templates, const Problem& problem, const ColumnRoles& roles,
         const SolutionChoice& choice)
      : builder_{templates},
        pieces_{builder_, problem, roles, choice},
        problem_{problem},
        roles_{roles},
        choice_{choice} {}

  Result<SolutionText> write() {
    const auto families = families_of(problem_, roles_, choice_);
    PODIUM_TRY(pieces_.add_data(kNumberedColumns));
    PODIUM_TRY(pieces_.add_metric());
    PODIUM_TRY(builder_.add(problem_.metric->loss_piece));
    PODIUM_TRY(pieces_.add_folds());
    PODIUM_TRY(add_models(builder_, problem_, roles_, families));
    PODIUM_TRY(add_validation());
    PODIUM_TRY(pieces_.add_submission());
    PODIUM_TRY(add_main());
    const SolutionSummary summary = summarize(problem_, roles_, choice_, families);
    return SolutionText{.code = builder_.program(summary.docstring),
                        .plan = summary.plan,
                        .plan_line = summary.plan_line,
                        .requirements = requirements_of(builder_.modules()),
                        .needs = needs_of(problem_)};
  }

 private:
  Result<void> add_validation() {
    PODIUM_TRY(pieces_.add_fold_tables());
    PODIUM_TRY(builder_.add(problem_.forward    ? "cross_validate_forward"
                            : several(problem_) ? "cross_validate_columns"
                                                : "cross_validate"));
    PODIUM_TRY(builder_.add("blend"));
    return builder_.add("report");
  }

  Result<void> add_main() {
    constexpr std::string_view kWithinLoop = "        ";
    PODIUM_TRY(pieces_.fill_main(kWithinLoop));
    PODIUM_TRY(builder_.add("numbers_of_folds"));
    return builder_.add("main");
  }

  ProgramBuilder builder_;
  ProgramPieces pieces_;
  const Problem& problem_;
  const ColumnRoles& roles_;
  const SolutionChoice& choice_;
};

}  // namespace

Result<SolutionText> write_solution(const TemplateLibrary& templates,
                                    const v1::CompetitionFacts& facts,
                                    const SolutionChoice& choice) {
  const Problem problem = PODIUM_TRY(problem_of(facts));
  const ColumnRoles roles = PODIUM_TRY(known_roles(problem));
  return Writer{templates, problem, roles, choice}.write();
}

}  // namespace podium::codegen
