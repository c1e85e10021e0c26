// The parts of a program that every solution has, whatever it is that predicts: data and features,
// metric, folds, submission. The solution writer puts them around models of its own, the scaffold
// around a function that somebody else writes. One thread at a time.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/solution_plan.hpp"

namespace podium::codegen {

/// Everything that it is made with must outlive it. Each call fails with CONFIGURATION only: when a
/// template is missing.
class ProgramPieces {
 public:
  ProgramPieces(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                const SolutionChoice& choice);

  /// Constants, log, reading of tables, and features or pixels. `column_names`: Python source of
  /// the names that features get.
  Result<void> add_data(std::string_view column_names);
  /// `score` and what turns predictions into answers.
  Result<void> add_metric();
  Result<void> add_folds();
  /// What is learned of a fold's rows before the model sees them: the place FOLD_TABLES.
  Result<void> add_fold_tables();
  Result<void> add_submission();
  /// Fills the places of a main function, whose lines after the loading have this `indent`. The
  /// predictions for test rows are called `blended_test` there, those for scored rows `blended`.
  Result<void> fill_main(std::string_view indent);

 private:
  bool classes() const { return problem_.form == Form::classes; }
  bool labelled() const { return problem_.form == Form::binary || classes(); }
  bool has_calendar() const;
  Result<void> add_tables(std::string_view column_names);
  Result<void> add_features(std::string_view column_names);
  std::string answers() const;
  std::string steps_before_writing(std::string_view indent) const;

  ProgramBuilder& builder_;
  const Problem& problem_;
  const ColumnRoles& roles_;
  const SolutionChoice& choice_;
};

}  // namespace podium::codegen
