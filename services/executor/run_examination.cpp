#include "services/executor/run_examination.hpp"

#include <format>

#include "libs/competition/reasons.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

namespace reasons = competition::reasons;

CheckReport refused(const ErrorCode& code, std::string message) {
  CheckReport report;
  report.verdict.set_code(std::string{code.name});
  report.verdict.set_message(std::move(message));
  return report;
}

CheckReport refusal_of(const Collected& collected) {
  switch (collected.kind) {
    case Collected::Kind::too_large:
      return refused(reasons::kSubmissionTooLarge,
                     std::format("{}: {}", kPredictionsName, collected.detail));
    case Collected::Kind::refused:
      return refused(reasons::kSubmissionMissing,
                     std::format("{} is not a plain file: {}", kPredictionsName, collected.detail));
    default:
      return refused(reasons::kSubmissionMissing,
                     std::format("the run left no {} in its working folder", kPredictionsName));
  }
}

}  // namespace

RunExamination::RunExamination(SandboxRuntime& runtime, SubmissionCheck& check,
                               std::filesystem::path scratch)
    : runtime_{runtime}, check_{check}, scratch_{std::move(scratch)} {}

Result<CheckReport> RunExamination::examine(const v1::RunTicket& ticket,
                                            const v1::RunLimits& limits,
                                            RunCompetition& competition, std::string_view log_end,
                                            std::stop_token stop) {
  auto predictions = PODIUM_TRY(ScratchFile::make(scratch_));
  const auto collected =
      PODIUM_TRY(runtime_.collect(ticket.run_id(), SandboxFile::predictions, kPredictionsName,
                                  limits.predictions_bytes_max(), predictions));
  if (collected.kind != Collected::Kind::file) return refusal_of(collected);
  auto sample = PODIUM_TRY(sample_of(ticket, competition.names));
  return check_.check({.facts = &competition.facts,
                       .sample_tar = &sample,
                       .predictions_tar = &predictions,
                       .log_end = std::string{log_end},
                       .predictions_bytes_max = limits.predictions_bytes_max(),
                       .stop = std::move(stop)});
}

Result<ScratchFile> RunExamination::sample_of(const v1::RunTicket& ticket,
                                              const CompetitionNames& names) {
  auto sample = PODIUM_TRY(ScratchFile::make(scratch_));
  const auto path = std::format("{}/{}", names.slug, names.sample_path);
  const auto collected = PODIUM_TRY(
      runtime_.collect(ticket.run_id(), SandboxFile::data, path, kSampleBytesMax, sample));
  if (collected.kind == Collected::Kind::file) return sample;
  return fail(kDataUnsafe, std::format("the data's sample submission {} cannot be taken: {}",
                                       names.sample_path, collected.detail));
}

}  // namespace podium::executor
