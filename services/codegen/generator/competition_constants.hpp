// The constants that a solution opens with: the competition's names as Python literals. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/solution_plan.hpp"

namespace podium::codegen {

/// Fills the places of the piece "constants" and those of the pieces that hold names or delimiters.
void set_constants(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                   const SolutionChoice& choice);

/// There are several target columns; models learn them one by one.
bool several(const Problem& problem);

/// The template piece that turns predictions into answers.
std::string_view answer_piece_of(const Problem& problem);

/// The folds that a program has, which are fewer for large tables and for stretches of time.
std::uint32_t folds_of(const Problem& problem, const SolutionChoice& choice);

/// The answers are learned from unseen predictions (a threshold, cut points) rather than fixed.
bool answer_is_learned(const Problem& problem);

/// Features hold categories at all, and some with too many values for a column each.
bool has_categories(const ColumnRoles& roles, const SolutionChoice& choice);
bool encodes_many_valued(const ColumnRoles& roles, const SolutionChoice& choice);

/// Python source that makes the submission's column of a class from `label`.
std::string class_column(const Problem& problem);

}  // namespace podium::codegen
