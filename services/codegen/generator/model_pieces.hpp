// Which models a solution trains and what each is set to, by the form of the problem. Pure.
#pragma once

#include <vector>

#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/solution_plan.hpp"

namespace podium::codegen {

/// The choice's families as far as they suit the data: words for sentences, support vectors for
/// pictures. Never empty, none twice.
std::vector<Family> families_of(const Problem& problem, const ColumnRoles& roles,
                                const SolutionChoice& choice);

/// Adds the models' pieces, what they share, and the table MODELS.
Result<void> add_models(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                        const std::vector<Family>& families);

}  // namespace podium::codegen
