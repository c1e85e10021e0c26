// What the function in a scaffold is told: its signature, what it gets and must give. Pure.
#pragma once

#include <string>

#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/solution_plan.hpp"

namespace podium::codegen {

struct ScaffoldContract {
  std::string signature;
  std::string docstring;
  std::string text;
};

ScaffoldContract scaffold_contract(const Problem& problem, const ColumnRoles& roles,
                                   const SolutionChoice& choice);

}  // namespace podium::codegen
