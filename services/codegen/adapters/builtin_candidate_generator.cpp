#include "services/codegen/adapters/builtin_candidate_generator.hpp"

#include "services/codegen/generator/solution_plan.hpp"
#include "services/codegen/generator/solution_writer.hpp"

namespace podium::codegen {

Result<DraftAnswer> BuiltinCandidateGenerator::draft(const DraftOrder& order) {
  const auto choice = plan_of_variant(order.request.kind(), order.request.variant());
  auto solution = write_solution(templates_, order.facts, choice);
  if (!solution && solution.error().code->disposition != Disposition::reject) {
    return std::unexpected{solution.error()};
  }
  if (!solution) return DraftAnswer{.draft = std::unexpected{solution.error()}};
  return DraftAnswer{.draft = CandidateDraft{.code = std::move(solution->code),
                                             .plan = std::move(solution->plan),
                                             .plan_line = std::move(solution->plan_line),
                                             .requirements = std::move(solution->requirements),
                                             .needs = solution->needs}};
}

}  // namespace podium::codegen
