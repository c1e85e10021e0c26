#include "services/codegen/report_stage.hpp"

#include <format>
#include <functional>
#include <optional>

#include "services/codegen/report/log_text.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/report_text.hpp"
#include "services/codegen/report/trace_text.hpp"

namespace podium::codegen {
namespace {

// Why a file is not there, when a repeat would not bring it; nullopt for other errors.
std::optional<std::string> missing(const Error& error) {
  if (error.is(errors::kNotFound)) return "is gone";
  if (error.is(errors::kTooLarge)) return "is too large to be copied";
  if (error.is(errors::kInvalid)) return "has a key that is none";
  return std::nullopt;
}

Result<FetchedText> noted(const Error& error) {
  if (auto note = missing(error)) return FetchedText{.bytes = {}, .note = *std::move(note)};
  return std::unexpected{error};
}

v1::ArtifactRef submission_of(const JobStory& story) {
  if (!story.ended.submission().key().empty()) return story.ended.submission();
  const RunStory* run = story.winner()->telling_run();
  return run == nullptr ? v1::ArtifactRef{} : run->executed.submission();
}

}  // namespace

ReportStage::ReportStage(JobHistory& history, ArtifactStore& artifacts)
    : history_{history}, artifacts_{artifacts} {}

Result<Events> ReportStage::handle(const v1::Event& ended, StageContext& context) {
  const auto& job = ended.job_id();
  const auto told = PODIUM_TRY(history_.read(job, context.sequence(), context.stop()));
  JobStory story = story_of(told.events, ended);
  story.cut_short = told.cut_short;
  const FetchText fetch_text = std::bind_front(&ReportStage::fetch, this);
  const auto logs = PODIUM_TRY(log_text(story, fetch_text));
  PODIUM_TRY(artifacts_.put_named(job, kJobOwner, "logs.txt", logs));
  const auto trace = PODIUM_TRY(trace_text(story, fetch_text));
  PODIUM_TRY(artifacts_.put_named(job, kJobOwner, "gpt_code_trace.txt", trace));
  std::vector<std::string> notes;
  if (const CandidateStory* winner = story.winner()) {
    PODIUM_TRY(copy(story, winner->plan, "plan.md", kPlanToldMax, notes));
    PODIUM_TRY(copy(story, submission_of(story), "submission.csv", kSubmissionCopyMax, notes));
  }
  // The page comes last: where it is, the other files are.
  PODIUM_TRY(artifacts_.put_named(job, kJobOwner, "report.md", report_text(story, notes)));
  return Events{};
}

Result<FetchedText> ReportStage::fetch(const v1::ArtifactRef& artifact, std::uint64_t bytes_max) {
  if (artifact.key().empty()) return FetchedText{.bytes = {}, .note = "was never stored"};
  const auto size = artifacts_.size(artifact.key());
  if (!size) return noted(size.error());
  if (*size <= bytes_max) {
    auto bytes = artifacts_.get(artifact.key(), bytes_max);
    if (!bytes) return noted(bytes.error());
    return FetchedText{.bytes = *std::move(bytes), .note = {}};
  }
  // The end tells more than the beginning; whole lines of both.
  const std::uint64_t tail = bytes_max / 4 * 3;
  std::string begin = PODIUM_TRY(artifacts_.get_range(artifact.key(), 0, bytes_max - tail));
  std::string end = PODIUM_TRY(artifacts_.get_range(artifact.key(), *size - tail, tail));
  begin.resize(begin.rfind('\n') + 1);
  end.erase(0, end.find('\n') + 1);
  return FetchedText{.bytes = std::format("{}[{} bytes are left out here]\n{}", begin,
                                          *size - begin.size() - end.size(), end),
                     .note = {}};
}

Result<void> ReportStage::copy(const JobStory& story, const v1::ArtifactRef& artifact,
                               std::string_view name, std::uint64_t bytes_max,
                               std::vector<std::string>& notes) {
  if (artifact.key().empty()) {
    notes.push_back(std::format("The winner's {} was never stored.", name));
    return {};
  }
  const auto bytes = artifacts_.get(artifact.key(), bytes_max);
  if (!bytes) {
    const auto note = PODIUM_TRY(noted(bytes.error())).note;
    notes.push_back(std::format("The winner's {} {}.", name, note));
    return {};
  }
  const auto stored = PODIUM_TRY(artifacts_.put_named(story.job_id, kJobOwner, name, *bytes));
  if (!artifact.sha256().empty() && stored.sha256() != artifact.sha256()) {
    notes.push_back(std::format("The winner's {} was replaced after its run.", name));
  }
  return {};
}

}  // namespace podium::codegen
