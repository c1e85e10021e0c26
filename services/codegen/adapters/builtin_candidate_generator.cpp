#include "services/codegen/adapters/builtin_candidate_generator.hpp"

#include "services/codegen/generator/solution_plan.hpp"
#include "services/codegen/generator/solution_writer.hpp"

namespace podium::codegen {

BuiltinCandidateGenerator::BuiltinCandidateGenerator(TemplateLibrary templates)
    : templates_{std::move(templates)} {}

Result<CandidateDraft> BuiltinCandidateGenerator::draft(const v1::DraftRequested& request,
                                                        const v1::CompetitionFacts& facts) {
  const auto choice = plan_of_variant(request.kind(), request.variant());
  auto solution = PODIUM_TRY(write_solution(templates_, facts, choice));
  return CandidateDraft{.code = std::move(solution.code),
                        .plan = std::move(solution.plan),
                        .plan_line = std::move(solution.plan_line),
                        .requirements = std::move(solution.requirements),
                        .needs = solution.needs};
}

Result<std::unique_ptr<CandidateGenerator>> open_builtin_generator(
    const std::filesystem::path& templates) {
  return std::make_unique<BuiltinCandidateGenerator>(PODIUM_TRY(TemplateLibrary::load(templates)));
}

}  // namespace podium::codegen
