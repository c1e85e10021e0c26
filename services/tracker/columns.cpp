#include "services/tracker/columns.hpp"

#include <array>
#include <charconv>
#include <format>

namespace podium::tracker {
namespace {

// A member's value as a cell. Numbers are written so that PostgreSQL and from_cell read the same
// number again.

Cell to_cell(const std::string& text) {
  return text;
}
Cell to_cell(std::int64_t number) {
  return std::to_string(number);
}
Cell to_cell(double number) {
  return std::format("{}", number);
}
Cell to_cell(bool value) {
  return value ? "t" : "f";
}
Cell to_cell(Moment moment) {
  return to_sql(moment);
}

template <typename Value>
Cell to_cell(const std::optional<Value>& value) {
  return value ? to_cell(*value) : std::nullopt;
}

void from_text(const std::string& text, std::string& member) {
  member = text;
}

template <typename Number>
  requires std::is_arithmetic_v<Number>
void from_text(const std::string& text, Number& member) {
  std::from_chars(text.data(), text.data() + text.size(), member);
}

void from_text(const std::string& text, bool& member) {
  member = text == "t";
}

void from_text(const std::string& text, Moment& member) {
  member = parse_moment(text).value_or(Moment{});
}

template <typename Value>
void from_text(const std::string& text, std::optional<Value>& member) {
  from_text(text, member.emplace());
}

template <typename Value>
void from_cell(const Cell& cell, Value& member) {
  if (cell) {
    from_text(*cell, member);
  } else {
    member = Value{};
  }
}

// A lambda cannot name a member given as an argument, so this stays a macro.
#define COLUMN(Row, member, name, type)                                     \
  Column<Row> {                                                             \
    name, type, [](const Row& row) -> Cell { return to_cell(row.member); }, \
        [](Row& row, const Cell& cell) { from_cell(cell, row.member); }     \
  }

constexpr std::array kJobsColumns{
    COLUMN(JobRow, id, "id", "text"),
    COLUMN(JobRow, tenant, "tenant", "text"),
    COLUMN(JobRow, slug, "slug", "text"),
    COLUMN(JobRow, kaggle_url, "kaggle_url", "text"),
    COLUMN(JobRow, folder_sha256, "folder_sha256", "text"),
    COLUMN(JobRow, request_sha256, "request_sha256", "text"),
    COLUMN(JobRow, idempotency_key, "idempotency_key", "text"),
    COLUMN(JobRow, options, "options", "jsonb"),
    COLUMN(JobRow, priority, "priority", "bigint"),
    COLUMN(JobRow, trace_id, "trace_id", "text"),
    COLUMN(JobRow, created_at, "created_at", "timestamptz"),
    COLUMN(JobRow, started_at, "started_at", "timestamptz"),
    COLUMN(JobRow, completed_at, "completed_at", "timestamptz"),
    COLUMN(JobRow, updated_at, "updated_at", "timestamptz"),
    COLUMN(JobRow, deadline, "deadline", "timestamptz"),
    COLUMN(JobRow, cancel_requested_at, "cancel_requested_at", "timestamptz"),
    COLUMN(JobRow, competition_title, "competition_title", "text"),
    COLUMN(JobRow, competition_source, "competition_source", "text"),
    COLUMN(JobRow, competition_summary, "competition_summary", "text"),
    COLUMN(JobRow, competition_deadline, "competition_deadline", "timestamptz"),
    COLUMN(JobRow, task_kind, "task_kind", "text"),
    COLUMN(JobRow, metric_name, "metric_name", "text"),
    COLUMN(JobRow, metric_key, "metric_key", "text"),
    COLUMN(JobRow, metric_direction, "metric_direction", "text"),
    COLUMN(JobRow, warnings, "warnings", "jsonb"),
    COLUMN(JobRow, status, "status", "text"),
    COLUMN(JobRow, stage, "stage", "text"),
    COLUMN(JobRow, progress, "progress", "bigint"),
    COLUMN(JobRow, phase, "phase", "text"),
    COLUMN(JobRow, phase_done, "phase_done", "bigint"),
    COLUMN(JobRow, phase_total, "phase_total", "bigint"),
    COLUMN(JobRow, phase_unit, "phase_unit", "text"),
    COLUMN(JobRow, phase_detail, "phase_detail", "text"),
    COLUMN(JobRow, reason_code, "reason_code", "text"),
    COLUMN(JobRow, message, "message", "text"),
    COLUMN(JobRow, next_step, "next_step", "text"),
    COLUMN(JobRow, best_candidate_id, "best_candidate_id", "text"),
    COLUMN(JobRow, score.metric, "score_metric", "text"),
    COLUMN(JobRow, score.value, "score_value", "double precision"),
    COLUMN(JobRow, score.direction, "score_direction", "text"),
    COLUMN(JobRow, score.spread, "score_spread", "double precision"),
    COLUMN(JobRow, score.folds, "score_folds", "bigint"),
    COLUMN(JobRow, score.kind, "score_kind", "text"),
    COLUMN(JobRow, submission.key, "submission_key", "text"),
    COLUMN(JobRow, submission.sha256, "submission_sha256", "text"),
    COLUMN(JobRow, submission.bytes, "submission_bytes", "bigint"),
    COLUMN(JobRow, leaderboard.reference, "kaggle_reference", "text"),
    COLUMN(JobRow, leaderboard.score, "leaderboard_score", "double precision"),
    COLUMN(JobRow, leaderboard.rank, "leaderboard_rank", "bigint"),
    COLUMN(JobRow, leaderboard.teams, "leaderboard_teams", "bigint"),
    COLUMN(JobRow, sandbox_name, "sandbox_name", "text"),
    COLUMN(JobRow, candidates_max, "candidates_max", "bigint"),
    COLUMN(JobRow, candidates, "candidates", "bigint"),
    COLUMN(JobRow, candidates_done, "candidates_done", "bigint"),
    COLUMN(JobRow, candidates_accepted, "candidates_accepted", "bigint"),
    COLUMN(JobRow, drafts_open, "drafts_open", "bigint"),
    COLUMN(JobRow, runs_open, "runs_open", "bigint"),
    COLUMN(JobRow, runs, "runs", "bigint"),
    COLUMN(JobRow, tokens, "tokens", "bigint"),
    COLUMN(JobRow, cost_micro_usd, "cost_micro_usd", "bigint"),
    COLUMN(JobRow, last.stream_created, "last_stream", "timestamptz"),
    COLUMN(JobRow, last.sequence, "last_sequence", "bigint"),
    COLUMN(JobRow, submit.status, "submit_status", "text"),
    COLUMN(JobRow, submit.reason_code, "submit_reason_code", "text"),
    COLUMN(JobRow, submit.message, "submit_message", "text"),
    COLUMN(JobRow, submit.next_step, "submit_next_step", "text"),
    COLUMN(JobRow, submit.submitted_at, "submitted_at", "timestamptz"),
    COLUMN(JobRow, submit.scored_at, "leaderboard_scored_at", "timestamptz"),
};

constexpr std::array kCandidatesColumns{
    COLUMN(CandidateRow, job_id, "job_id", "text"),
    COLUMN(CandidateRow, id, "id", "text"),
    COLUMN(CandidateRow, number, "number", "bigint"),
    COLUMN(CandidateRow, kind, "kind", "text"),
    COLUMN(CandidateRow, parent_id, "parent_id", "text"),
    COLUMN(CandidateRow, generator, "generator", "text"),
    COLUMN(CandidateRow, attempt, "attempt", "bigint"),
    COLUMN(CandidateRow, status, "status", "text"),
    COLUMN(CandidateRow, outcome, "outcome", "text"),
    COLUMN(CandidateRow, accepted, "accepted", "boolean"),
    COLUMN(CandidateRow, reason_code, "reason_code", "text"),
    COLUMN(CandidateRow, message, "message", "text"),
    COLUMN(CandidateRow, plan_line, "plan_line", "text"),
    COLUMN(CandidateRow, code_key, "code_key", "text"),
    COLUMN(CandidateRow, plan_key, "plan_key", "text"),
    COLUMN(CandidateRow, submission.key, "submission_key", "text"),
    COLUMN(CandidateRow, submission.sha256, "submission_sha256", "text"),
    COLUMN(CandidateRow, submission.bytes, "submission_bytes", "bigint"),
    COLUMN(CandidateRow, score.metric, "score_metric", "text"),
    COLUMN(CandidateRow, score.value, "score_value", "double precision"),
    COLUMN(CandidateRow, score.direction, "score_direction", "text"),
    COLUMN(CandidateRow, score.spread, "score_spread", "double precision"),
    COLUMN(CandidateRow, score.folds, "score_folds", "bigint"),
    COLUMN(CandidateRow, score.kind, "score_kind", "text"),
    COLUMN(CandidateRow, leaderboard.reference, "kaggle_reference", "text"),
    COLUMN(CandidateRow, leaderboard.score, "leaderboard_score", "double precision"),
    COLUMN(CandidateRow, leaderboard.rank, "leaderboard_rank", "bigint"),
    COLUMN(CandidateRow, leaderboard.teams, "leaderboard_teams", "bigint"),
    COLUMN(CandidateRow, tokens, "tokens", "bigint"),
    COLUMN(CandidateRow, cost_micro_usd, "cost_micro_usd", "bigint"),
    COLUMN(CandidateRow, created_at, "created_at", "timestamptz"),
    COLUMN(CandidateRow, ended_at, "ended_at", "timestamptz"),
    COLUMN(CandidateRow, last.stream_created, "last_stream", "timestamptz"),
    COLUMN(CandidateRow, last.sequence, "last_sequence", "bigint"),
    COLUMN(CandidateRow, second_parent_id, "second_parent_id", "text"),
    COLUMN(CandidateRow, use.model, "model", "text"),
    COLUMN(CandidateRow, use.calls, "calls", "bigint"),
    COLUMN(CandidateRow, use.input_tokens, "input_tokens", "bigint"),
    COLUMN(CandidateRow, use.cached_tokens, "cached_tokens", "bigint"),
    COLUMN(CandidateRow, use.output_tokens, "output_tokens", "bigint"),
    COLUMN(CandidateRow, use.cost_unknown, "cost_unknown", "boolean"),
};

constexpr std::array kRunsColumns{
    COLUMN(RunRow, job_id, "job_id", "text"),
    COLUMN(RunRow, id, "id", "text"),
    COLUMN(RunRow, candidate_id, "candidate_id", "text"),
    COLUMN(RunRow, attempt, "attempt", "bigint"),
    COLUMN(RunRow, purpose, "purpose", "text"),
    COLUMN(RunRow, status, "status", "text"),
    COLUMN(RunRow, outcome, "outcome", "text"),
    COLUMN(RunRow, verdict_accepted, "verdict_accepted", "boolean"),
    COLUMN(RunRow, verdict_code, "verdict_code", "text"),
    COLUMN(RunRow, verdict_message, "verdict_message", "text"),
    COLUMN(RunRow, verdict_rows, "verdict_rows", "bigint"),
    COLUMN(RunRow, verdict_columns, "verdict_columns", "jsonb"),
    COLUMN(RunRow, verdict_warnings, "verdict_warnings", "jsonb"),
    COLUMN(RunRow, message, "message", "text"),
    COLUMN(RunRow, exit_code, "exit_code", "bigint"),
    COLUMN(RunRow, wall_seconds, "wall_seconds", "double precision"),
    COLUMN(RunRow, cpu_seconds, "cpu_seconds", "double precision"),
    COLUMN(RunRow, memory_peak_bytes, "memory_peak_bytes", "bigint"),
    COLUMN(RunRow, wall_seconds_max, "wall_seconds_max", "bigint"),
    COLUMN(RunRow, cpu_milli, "cpu_milli", "bigint"),
    COLUMN(RunRow, memory_bytes_max, "memory_bytes_max", "bigint"),
    COLUMN(RunRow, score.metric, "score_metric", "text"),
    COLUMN(RunRow, score.value, "score_value", "double precision"),
    COLUMN(RunRow, score.direction, "score_direction", "text"),
    COLUMN(RunRow, score.spread, "score_spread", "double precision"),
    COLUMN(RunRow, score.folds, "score_folds", "bigint"),
    COLUMN(RunRow, score.kind, "score_kind", "text"),
    COLUMN(RunRow, engine, "engine", "text"),
    COLUMN(RunRow, sandbox, "sandbox", "text"),
    COLUMN(RunRow, log_key, "log_key", "text"),
    COLUMN(RunRow, log_tail, "log_tail", "text"),
    COLUMN(RunRow, started_at, "started_at", "timestamptz"),
    COLUMN(RunRow, ended_at, "ended_at", "timestamptz"),
    COLUMN(RunRow, last.stream_created, "last_stream", "timestamptz"),
    COLUMN(RunRow, last.sequence, "last_sequence", "bigint"),
};

constexpr std::array kArtifactsColumns{
    COLUMN(ArtifactRow, job_id, "job_id", "text"),
    COLUMN(ArtifactRow, candidate_id, "candidate_id", "text"),
    COLUMN(ArtifactRow, run_id, "run_id", "text"),
    COLUMN(ArtifactRow, name, "name", "text"),
    COLUMN(ArtifactRow, key, "key", "text"),
    COLUMN(ArtifactRow, sha256, "sha256", "text"),
    COLUMN(ArtifactRow, bytes, "bytes", "bigint"),
    COLUMN(ArtifactRow, created_at, "created_at", "timestamptz"),
    COLUMN(ArtifactRow, last.stream_created, "last_stream", "timestamptz"),
    COLUMN(ArtifactRow, last.sequence, "last_sequence", "bigint"),
};

constexpr std::array kAnomaliesColumns{
    COLUMN(AnomalyRow, at.stream_created, "stream_created", "timestamptz"),
    COLUMN(AnomalyRow, at.sequence, "sequence", "bigint"),
    COLUMN(AnomalyRow, what, "what", "text"),
    COLUMN(AnomalyRow, job_id, "job_id", "text"),
    COLUMN(AnomalyRow, name, "name", "text"),
    COLUMN(AnomalyRow, detail, "detail", "text"),
    COLUMN(AnomalyRow, time, "time", "timestamptz"),
};

#undef COLUMN

}  // namespace

const TableShape<JobRow> kJobs{"jobs", kJobsColumns, 1, "last_stream", "last_sequence"};
const TableShape<CandidateRow> kCandidates{"candidates", kCandidatesColumns, 2, "last_stream",
                                           "last_sequence"};
const TableShape<RunRow> kRuns{"runs", kRunsColumns, 2, "last_stream", "last_sequence"};
const TableShape<ArtifactRow> kArtifacts{"artifacts", kArtifactsColumns, 4, "last_stream",
                                         "last_sequence"};
const TableShape<AnomalyRow> kAnomalies{"anomalies", kAnomaliesColumns, 3, "stream_created",
                                        "sequence"};

}  // namespace podium::tracker
