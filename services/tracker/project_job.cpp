#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <format>

#include "libs/competition/words.hpp"
#include "services/tracker/fold.hpp"

namespace podium::tracker {
namespace {

constexpr std::string_view kSubmitting = "submitting";
// How the job's submission came to Kaggle.
constexpr std::string_view kWaiting = "waiting";
constexpr std::string_view kSubmitted = "submitted";
constexpr std::string_view kScored = "scored";
constexpr std::string_view kFailed = "failed";

LeaderboardColumns* leaderboard_of_candidate(const Fold& fold, const std::string& candidate_id) {
  if (candidate_id.empty()) return nullptr;
  CandidateRow* const candidate = known_candidate(fold, candidate_id);
  return candidate == nullptr ? nullptr : &candidate->leaderboard;
}

void fill_result(JobRow& job, const v1::Ended& ended) {
  const auto best = text_or_null(ended.best_candidate_id());
  if (ended.has_score()) {
    job.score = score_columns(ended.score());
  } else if (job.best_candidate_id != best) {
    job.score = {};
  }
  job.best_candidate_id = best;
  job.submission = submission_columns(ended.submission());
}

/// Longer than a scraper tries to submit by itself (a day for its start and a day for its limit,
/// see services/scraper/submit_limits.hpp): then it has said how that went, or was none that
/// submits.
constexpr std::chrono::hours kSubmitWaitMax{5 * 24};

/// The job is to be submitted without anybody asking for it any more.
bool submits_by_itself(const Fold& fold) {
  google::protobuf::util::JsonParseOptions leniently;
  leniently.ignore_unknown_fields = true;
  v1::JobOptions options;
  const auto read =
      google::protobuf::util::JsonStringToMessage(fold.job.options, &options, leniently);
  return read.ok() && options.submit() == v1::SUBMIT_MODE_BEST && fold.job.status == "success" &&
         fold.rows.now - fold.message.time < kSubmitWaitMax;
}

void set_submit_status(JobRow& job, std::string_view status) {
  job.submit.status = status;
  job.submit.reason_code.reset();
  job.submit.message.reset();
  job.submit.next_step.reset();
}

}  // namespace

void fold_progressed(const Fold& fold, const v1::Progressed& progressed) {
  JobRow& job = fold.job;
  if (progressed.phase() == kSubmitting) {
    if (job.submit.status == kWaiting) job.submit.message = text_or_null(progressed.detail());
    return;
  }
  if (competition::is_terminal(job.status)) return;
  job.phase = text_or_null(progressed.phase());
  job.phase_done = whole(progressed.done());
  job.phase_total = whole_or_null(progressed.total());
  job.phase_unit = text_or_null(progressed.unit());
  job.phase_detail = text_or_null(progressed.detail());
}

void fold_scraped(const Fold& fold, const v1::Scraped& scraped) {
  JobRow& job = fold.job;
  if (job.slug.empty()) job.slug = storable(scraped.slug());
  job.competition_title = storable(scraped.title());
  job.competition_source = competition::word(scraped.door());
  job.competition_summary = text_or_null(scraped.summary());
  job.competition_deadline = moment_of(scraped.deadline());
  job.task_kind = competition::word(scraped.task_kind());
  if (scraped.has_metric()) {
    job.metric_name = text_or_null(scraped.metric().name());
    job.metric_key = text_or_null(scraped.metric().key());
    job.metric_direction = competition::direction_word(scraped.metric().higher_is_better());
  }
  job.warnings = json_texts(scraped.warnings());
  keep_artifact(fold, "", "", "facts.json", scraped.facts());
  keep_artifact(fold, "", "", "data.tar", scraped.data());
}

void fold_scrape_failed(const Fold& fold, const v1::ScrapeFailed& failed) {
  if (competition::is_terminal(fold.job.status)) return;
  fold.job.reason_code = text_or_null(failed.reason_code());
  fold.job.message = text_or_null(failed.message());
  fold.job.next_step = text_or_null(failed.next_step());
}

void fold_stage_failed(const Fold& fold, const v1::StageFailed& failed) {
  if (competition::is_terminal(fold.job.status)) return;
  fold.job.reason_code = text_or_null(failed.reason_code());
  fold.job.message = text_or_null(failed.message());
}

void fold_submit_requested(const Fold& fold) {
  JobRow& job = fold.job;
  if (job.submit.status == kScored) return;
  set_submit_status(job, job.leaderboard.reference ? kSubmitted : kWaiting);
}

void fold_submitted(const Fold& fold, const v1::Submitted& submitted) {
  set_submit_status(fold.job, kSubmitted);
  fold.job.submit.submitted_at = fold.message.time;
  fold.job.leaderboard.reference = text_or_null(submitted.reference());
  if (auto* const own = leaderboard_of_candidate(fold, submitted.candidate_id())) {
    own->reference = fold.job.leaderboard.reference;
  }
}

void fold_leaderboard_scored(const Fold& fold, const v1::LeaderboardScored& scored) {
  const LeaderboardColumns columns{
      .reference = text_or_null(scored.reference()),
      .score = scored.score_hidden() ? std::nullopt : finite_or_null(scored.public_score()),
      .rank = whole_or_null(scored.rank()),
      .teams = whole_or_null(scored.teams())};
  fold.job.leaderboard = columns;
  set_submit_status(fold.job, kScored);
  fold.job.submit.scored_at = fold.message.time;
  if (auto* const own = leaderboard_of_candidate(fold, scored.candidate_id())) *own = columns;
}

void fold_submit_failed(const Fold& fold, const v1::SubmitFailed& failed) {
  SubmitColumns& submit = fold.job.submit;
  if (submit.status == kScored) return;
  submit.status = kFailed;
  submit.reason_code = text_or_null(failed.reason_code());
  submit.message = text_or_null(failed.message());
  submit.next_step = text_or_null(failed.next_step());
}

void fold_ended(const Fold& fold, const v1::Ended& ended) {
  JobRow& job = fold.job;
  const auto status = competition::word(ended.status());
  if (!status || !competition::is_terminal(*status)) {
    note_illegal_move(fold,
                      std::format("ended as {}, which is no end", status.value_or("nothing")));
    return;
  }
  if (competition::is_terminal(job.status)) {
    note_illegal_move(fold,
                      std::format("ended as {}, but it had ended as {}", *status, job.status));
    return;
  }
  job.status = *status;
  if (!job.started_at) job.started_at = moment_of(ended.started_at());
  job.completed_at = fold.message.time;
  job.reason_code = text_or_null(ended.reason_code());
  job.message = text_or_null(ended.message());
  job.next_step = text_or_null(ended.next_step());
  job.drafts_open = 0;
  job.runs_open = 0;
  fill_result(job, ended);
  if (submits_by_itself(fold) && job.submission.key) set_submit_status(job, kWaiting);
  keep_artifact(fold, "", "", "submission.csv", ended.submission());
  keep_artifact(fold, "", "", "report.md", ended.report());
  fold.rows.ended.push_back(*status);
}

}  // namespace podium::tracker
