#include "services/codegen/adapters/earlier_winner_generator.hpp"

#include <format>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_keys.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/resource_tiers.hpp"

namespace podium::codegen {
namespace {

std::string plan_of(const v1::EarlierWinner& winner) {
  const auto& score = winner.score();
  return std::format(
      "# Plan\n\nThe program of {} of job {}, which won there with {} {:.6g} on the same data, as "
      "it "
      "stands:\n{}\n",
      winner.candidate_id(), winner.job_id(), score.metric(), score.value(), winner.plan_line());
}

}  // namespace

Result<DraftAnswer> EarlierWinnerGenerator::draft(const DraftOrder& order) {
  auto taken = take(order.request.earlier_winner());
  if (!taken && taken.error().code->disposition == Disposition::retry) {
    return std::unexpected{taken.error()};
  }
  return DraftAnswer{.draft = std::move(taken)};
}

Result<CandidateDraft> EarlierWinnerGenerator::take(const v1::EarlierWinner& winner) {
  CandidateDraft draft;
  draft.plan = plan_of(winner);
  draft.plan_line = winner.plan_line();
  draft.code = PODIUM_TRY(artifacts_.get(winner.code().key(), kCodeBytesMax));
  if (sha256_hex(draft.code) != winner.code().sha256()) {
    return fail(errors::kInvalid, "the program of the earlier job is no longer the one that won");
  }
  draft.needs = needs_stated_in(draft.code);
  const auto key =
      PODIUM_TRY(named_key(winner.job_id(), winner.candidate_id(), "requirements.txt"));
  auto requirements = artifacts_.get(key, kCodeBytesMax);
  if (!requirements && !requirements.error().is(errors::kNotFound)) {
    return std::unexpected{requirements.error()};
  }
  draft.requirements = std::move(requirements).value_or("");
  return draft;
}

}  // namespace podium::codegen
