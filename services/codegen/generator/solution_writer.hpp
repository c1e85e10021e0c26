// Writes a whole solution in Python from a competition's facts: only what this competition needs,
// with its files, columns and metric as constants. The same facts and choice give the same text.
// Pure; thread-safe.
#pragma once

#include <string>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "services/codegen/generator/solution_plan.hpp"
#include "services/codegen/generator/template_library.hpp"

namespace podium::codegen {

struct SolutionText {
  /// The program; reads PODIUM_INPUT, PODIUM_WALL_SECONDS and PODIUM_CPUS, writes
  /// /kaggle/working/submission.csv, and prints its score as one JSON object in the last line.
  std::string code;
  /// Markdown for people.
  std::string plan;
  std::string plan_line;
  /// One package a line.
  std::string requirements;
  v1::Resources needs;
};

/// DRAFT_FAILED when the facts do not say enough; CONFIGURATION when a template is missing.
Result<SolutionText> write_solution(const TemplateLibrary& templates,
                                    const v1::CompetitionFacts& facts,
                                    const SolutionChoice& choice);

}  // namespace podium::codegen
