#include "services/executor/check/modes.hpp"

#include <google/protobuf/util/json_util.h>

#include <format>

#include "libs/competition/reasons.hpp"
#include "libs/competition/score_line.hpp"
#include "libs/competition/submission_check.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/run.pb.h"
#include "services/executor/check/descriptors.hpp"
#include "services/executor/check/protocol.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor::check {
namespace {

namespace reasons = competition::reasons;

/// What the report may hold of the names of columns: wide submissions have thousands.
constexpr int kColumnsMax = 100;

Result<v1::CompetitionFacts> facts() {
  const auto json = PODIUM_TRY(read_all(kFacts, kFactsBytesMax));
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  v1::CompetitionFacts facts;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &facts, options);
  if (!parsed.ok()) return fail(errors::kInvalid, "the competition's facts cannot be read");
  return facts;
}

Result<void> write_report(const google::protobuf::Message& report) {
  const auto bytes = report.SerializeAsString();
  if (bytes.size() > kCheckReportBytesMax) {
    return fail(errors::kTooLarge, "the report of the check is too large");
  }
  return write_all(kReport, bytes);
}

v1::Verdict refusal(const ErrorCode& code, std::string message) {
  v1::Verdict verdict;
  verdict.set_code(std::string{code.name});
  verdict.set_message(std::move(message));
  return verdict;
}

Result<v1::Verdict> verdict_on(const v1::CompetitionFacts& facts,
                               std::uint64_t predictions_bytes_max) {
  const auto taken = take_only_file(kPredictionsTar, kPredictions, predictions_bytes_max);
  if (!taken && taken.error().is(errors::kInvalid)) {
    return refusal(reasons::kSubmissionMissing,
                   std::format("the predictions are no plain file: {}", taken.error().detail));
  }
  if (!taken) return std::unexpected{taken.error()};
  const competition::SubmissionFiles files{
      .predictions = kPredictions, .sample = kSample, .submission = kSubmission};
  competition::SubmissionLimits limits;
  limits.file_bytes_max = predictions_bytes_max;
  return competition::check_submission(files, competition::submission_rules(facts), limits);
}

void shorten(v1::Verdict& verdict) {
  auto& columns = *verdict.mutable_columns();
  if (columns.size() > kColumnsMax)
    columns.DeleteSubrange(kColumnsMax, columns.size() - kColumnsMax);
}

/// A score that was not reported, or cannot be one, is told as a warning: the predictions stand on
/// their own.
Result<void> add_score(const v1::CompetitionFacts& facts, v1::Executed& report) {
  const auto log_end = PODIUM_TRY(read_all(kLogEnd, kLogEndBytesMax));
  const auto score = competition::read_score(log_end, facts.metric());
  if (score) {
    *report.mutable_score() = *score;
  } else {
    report.mutable_verdict()->add_warnings(score.error().text());
  }
  return {};
}

}  // namespace

Result<void> read_facts() {
  const auto known = PODIUM_TRY(facts());
  v1::CompetitionFacts names;
  names.set_slug(known.slug());
  names.mutable_submission()->set_path(known.submission().path());
  return write_report(names);
}

Result<void> check_predictions(std::uint64_t predictions_bytes_max) {
  const auto known = PODIUM_TRY(facts());
  PODIUM_TRY(take_only_file(kSampleTar, kSample, kSampleBytesMax));
  v1::Executed report;
  *report.mutable_verdict() = PODIUM_TRY(verdict_on(known, predictions_bytes_max));
  shorten(*report.mutable_verdict());
  PODIUM_TRY(add_score(known, report));
  return write_report(report);
}

}  // namespace podium::executor::check
