#include "services/executor/adapters/child_submission_check.hpp"

#include <format>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/run.pb.h"
#include "services/executor/check/protocol.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

constexpr std::size_t kWordsBytesMax = 500;

template <typename Message>
Result<Message> read_report(const ScratchFile& report) {
  const auto bytes = PODIUM_TRY(report.read(0, kCheckReportBytesMax));
  Message message;
  if (!message.ParseFromString(bytes)) return fail(kCheckFailed, "its report cannot be read");
  return message;
}

/// A file that makes the check give up is the file's fault, not the candidate's alone: it is
/// refused rather than tried for ever.
CheckReport refused(std::string message) {
  CheckReport report;
  report.verdict.set_code(std::string{competition::reasons::kSubmissionEncoding.name});
  report.verdict.set_message(std::move(message));
  return report;
}

/// Ended by a signal or by its time: what a hostile file may bring about.
bool was_overcome(const Error& error) {
  return error.is(errors::kTimeout);
}

}  // namespace

ChildSubmissionCheck::ChildSubmissionCheck(std::filesystem::path program,
                                           std::filesystem::path scratch)
    : program_{std::move(program)}, scratch_{std::move(scratch)} {}

Result<CompetitionNames> ChildSubmissionCheck::read_facts(ScratchFile& facts) {
  const auto report = PODIUM_TRY(ScratchFile::make(scratch_));
  PODIUM_TRY(run(
      {.program = program_,
       .arguments = {std::string{check::kFactsMode}},
       .descriptors = {{facts.descriptor(), check::kFacts}, {report.descriptor(), check::kReport}},
       .time_max = kCheckTimeMax}));
  const auto names = PODIUM_TRY(read_report<v1::CompetitionFacts>(report));
  return CompetitionNames{.slug = names.slug(), .sample_path = names.submission().path()};
}

Result<CheckReport> ChildSubmissionCheck::check(const CheckInput& input) {
  auto log_end = PODIUM_TRY(ScratchFile::make(scratch_));
  PODIUM_TRY(log_end.append(input.log_end));
  const auto report_file = PODIUM_TRY(ScratchFile::make(scratch_));
  const auto sample = PODIUM_TRY(ScratchFile::make(scratch_));
  CheckReport report{.verdict = {},
                     .score = std::nullopt,
                     .predictions = PODIUM_TRY(ScratchFile::make(scratch_)),
                     .submission = PODIUM_TRY(ScratchFile::make(scratch_))};
  const auto done =
      run({.program = program_,
           .arguments = {std::string{check::kPredictionsMode},
                         std::to_string(input.predictions_bytes_max)},
           .descriptors = {{input.facts->descriptor(), check::kFacts},
                           {input.sample_tar->descriptor(), check::kSampleTar},
                           {input.predictions_tar->descriptor(), check::kPredictionsTar},
                           {log_end.descriptor(), check::kLogEnd},
                           {report_file.descriptor(), check::kReport},
                           {report.predictions.descriptor(), check::kPredictions},
                           {report.submission.descriptor(), check::kSubmission},
                           {sample.descriptor(), check::kSample}},
           .time_max = kCheckTimeMax,
           .stop = input.stop});
  if (!done && was_overcome(done.error())) {
    return refused(std::format("the check was given up: {}", done.error().detail));
  }
  if (!done) return std::unexpected{done.error()};
  const auto told = PODIUM_TRY(read_report<v1::Executed>(report_file));
  report.verdict = told.verdict();
  if (told.has_score()) report.score = told.score();
  return report;
}

Result<void> ChildSubmissionCheck::run(ChildCall call) {
  const auto words = PODIUM_TRY(ScratchFile::make(scratch_));
  call.stderr_descriptor = words.descriptor();
  const int exit_code = PODIUM_TRY(run_child(call));
  if (exit_code == check::kExitDone) return {};
  if (exit_code > 128) {
    return fail(errors::kTimeout, std::format("it ended with signal {}", exit_code - 128));
  }
  const auto said = PODIUM_TRY(words.read(0, kWordsBytesMax));
  return fail(kCheckFailed, competition::clean_text(said, kWordsBytesMax));
}

}  // namespace podium::executor
