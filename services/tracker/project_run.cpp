#include <algorithm>
#include <format>

#include "libs/competition/words.hpp"
#include "services/tracker/fold.hpp"

namespace podium::tracker {
namespace {

RunRow& change_run(const Fold& fold, const std::string& run_id, const std::string& candidate_id,
                   std::int64_t attempt) {
  const PartKey key{fold.job.id, storable(run_id)};
  const bool is_new = fold.rows.runs.find(key) == nullptr;
  RunRow& run = fold.rows.runs.change(key);
  run.last = fold.message.at;
  if (!is_new) return run;
  run.job_id = key.first;
  run.id = key.second;
  run.candidate_id = storable(candidate_id);
  run.attempt = attempt;
  ++fold.job.runs;
  return run;
}

void close_run(const Fold& fold, RunRow& run) {
  if (run.status == "running")
    fold.job.runs_open = std::max<std::int64_t>(fold.job.runs_open - 1, 0);
  run.status = "ended";
  run.ended_at = fold.message.time;
}

void fill_run(RunRow& run, const v1::Executed& executed) {
  const v1::Verdict& verdict = executed.verdict();
  run.purpose = competition::word(executed.purpose());
  run.outcome = competition::word(executed.outcome());
  if (executed.has_verdict()) {
    run.verdict_accepted = verdict.accepted();
    run.verdict_code = text_or_null(verdict.code());
    run.verdict_message = text_or_null(verdict.message());
    run.verdict_rows = whole(verdict.rows());
    run.verdict_columns = json_texts(verdict.columns());
    run.verdict_warnings = json_texts(verdict.warnings());
  }
  run.message = text_or_null(executed.message());
  run.exit_code = executed.exit_code();
  run.wall_seconds = finite_or_null(executed.wall_seconds());
  run.cpu_seconds = finite_or_null(executed.cpu_seconds());
  run.memory_peak_bytes = whole_or_null(executed.memory_peak_bytes());
  if (executed.has_score()) run.score = score_columns(executed.score());
  if (!executed.engine().empty()) run.engine = storable(executed.engine());
  run.log_key = text_or_null(executed.log().key());
  run.log_tail = text_or_null(executed.log_tail());
}

// A score taken outside the code beats one that the code told of itself; else the metric decides.
bool beats(const ScoreColumns& score, const ScoreColumns& best) {
  if (!best.value) return true;
  if (!score.value) return false;
  const bool trusted = score.kind == "trusted";
  const bool best_trusted = best.kind == "trusted";
  if (trusted != best_trusted) return trusted;
  return score.direction == "maximize" ? *score.value > *best.value : *score.value < *best.value;
}

void keep_if_best(const Fold& fold, const CandidateRow& candidate) {
  JobRow& job = fold.job;
  const bool is_best = job.best_candidate_id == candidate.id;
  if (competition::is_terminal(job.status)) return;
  if (job.best_candidate_id && !is_best && !beats(candidate.score, job.score)) return;
  job.best_candidate_id = candidate.id;
  job.score = candidate.score;
}

void accept(const Fold& fold, CandidateRow& candidate, const v1::Executed& executed) {
  if (!candidate.accepted) ++fold.job.candidates_accepted;
  candidate.accepted = true;
  candidate.submission = submission_columns(executed.submission());
  keep_if_best(fold, candidate);
}

}  // namespace

// May come again when a restarted executor adopts its run: then only the place is told anew.
void fold_started(const Fold& fold, const v1::Started& started) {
  CandidateRow* const candidate = known_candidate(fold, started.candidate_id());
  if (candidate == nullptr) return;
  RunRow& run = change_run(fold, started.run_id(), started.candidate_id(), started.attempt());
  if (run.status == "ended") {
    note_illegal_move(fold, std::format("started, but run {} has ended", run.id));
    return;
  }
  const bool is_new = run.status.empty();
  run.status = "running";
  run.engine = text_or_null(started.engine());
  run.sandbox = text_or_null(started.sandbox());
  run.wall_seconds_max = whole_or_null(started.limits().wall_seconds_max());
  run.cpu_milli = whole_or_null(started.limits().cpu_milli());
  run.memory_bytes_max = whole_or_null(started.limits().memory_bytes_max());
  if (run.sandbox) fold.job.sandbox_name = run.sandbox;
  if (!is_new) return;
  run.started_at = fold.message.time;
  if (!competition::is_terminal(fold.job.status)) ++fold.job.runs_open;
  move_candidate(fold, *candidate, "running");
}

// A run may end without having started, when no sandbox could be made for it.
void fold_executed(const Fold& fold, const v1::Executed& executed) {
  CandidateRow* const candidate = known_candidate(fold, executed.candidate_id());
  if (candidate == nullptr) return;
  RunRow& run = change_run(fold, executed.run_id(), executed.candidate_id(), executed.attempt());
  if (run.status == "ended") {
    note_illegal_move(fold, std::format("executed, but run {} has ended already", run.id));
    return;
  }
  close_run(fold, run);
  fill_run(run, executed);
  keep_artifact(fold, run.candidate_id, run.id, "predictions.csv", executed.predictions());
  keep_artifact(fold, run.candidate_id, run.id, "submission.csv", executed.submission());
  keep_artifact(fold, run.candidate_id, run.id, "log.txt", executed.log());

  candidate->outcome = run.outcome;
  candidate->ended_at = fold.message.time;
  candidate->reason_code = run.verdict_code;
  candidate->message = run.verdict_message ? run.verdict_message : run.message;
  if (executed.has_score()) candidate->score = run.score;
  move_candidate(fold, *candidate, "done");
  const bool accepted = executed.outcome() == v1::RUN_OUTCOME_OK && executed.verdict().accepted();
  if (accepted) accept(fold, *candidate, executed);
}

}  // namespace podium::tracker
