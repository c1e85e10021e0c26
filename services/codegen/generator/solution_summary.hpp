// Says in words what a solution does: for its docstring, for the plan artifact and for lists. Only
// our own words; nothing from the facts but counts.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "podium/v1/job.pb.h"
#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/solution_plan.hpp"

namespace podium::codegen {

struct SolutionSummary {
  std::string docstring;
  std::string plan;
  std::string plan_line;
};

SolutionSummary summarize(const Problem& problem, const ColumnRoles& roles,
                          const SolutionChoice& choice, const std::vector<Family>& families);

/// "one of two classes".
std::string_view predicted_by(Form form);

/// "validated in 5 folds".
std::string validation_of(const Problem& problem, const SolutionChoice& choice);

/// The packages that hold these modules, one a line.
std::string requirements_of(const std::set<std::string>& modules);

/// What a run should be granted: two processors and memory by the size of the data.
v1::Resources needs_of(const Problem& problem);

}  // namespace podium::codegen
