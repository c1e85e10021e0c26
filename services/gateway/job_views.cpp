#include "services/gateway/job_views.hpp"

#include <algorithm>
#include <format>
#include <initializer_list>
#include <utility>

#include "libs/chassis/ids.hpp"
#include "services/gateway/job_rows.hpp"

namespace podium::gateway {
namespace {

// "2026-11-22T08:30:51.123Z", as libs/chassis/clock.hpp writes times.
std::string times(std::initializer_list<std::string_view> columns) {
  std::string list;
  for (const auto column : columns) {
    list += std::format(
        ", to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS {0}", column);
  }
  return list;
}

std::string select_jobs(std::string_view rest) {
  return "SELECT job_id, tenant, trace_id, kaggle_url, slug, competition_title, "
         "competition_source, status, stage, progress, phase, phase_done, phase_total, phase_unit, "
         "message, next_step, reason_code, best_candidate_id, score_metric, score_value, "
         "score_direction, score_spread, score_folds, score_kind, submission_key, "
         "submission_sha256, submission_bytes, sandbox_name, candidates, candidates_done, "
         "candidates_max, runs, tokens, cost_micro_usd, warnings, last_sequence, submit_status, "
         "submit_reason_code, submit_message, submit_next_step, kaggle_reference, "
         "leaderboard_score, leaderboard_rank, leaderboard_teams" +
         times({"created_at", "started_at", "completed_at", "submitted_at",
                "leaderboard_scored_at"}) +
         " " + std::string{rest};
}

SqlValue text_or_null(const std::string& text) {
  return text.empty() ? SqlValue{std::nullopt} : SqlValue{text};
}

/// Where a page ends: creation in microseconds since 1970, and the job's id.
struct Cursor {
  std::string created_micro;
  std::string job_id;
};

Result<Cursor> parse_cursor(const std::string& text) {
  const auto dot = text.find('.');
  Cursor cursor{text.substr(0, dot), dot == std::string::npos ? "" : text.substr(dot + 1)};
  const bool digits =
      !cursor.created_micro.empty() && cursor.created_micro.size() <= 17 &&
      std::ranges::all_of(cursor.created_micro, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !is_uuid(cursor.job_id)) {
    return fail(errors::kInvalid, "cursor must be the next_cursor of the page before");
  }
  return cursor;
}

template <typename Facts>
std::vector<Facts> all_of(const Rows& rows, Facts (*read)(const Rows&, std::size_t)) {
  std::vector<Facts> all;
  all.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) all.push_back(read(rows, row));
  return all;
}

constexpr std::string_view kFilter =
    "WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR status = $2) "
    "AND ($3::text IS NULL OR slug = $3) AND ($4::text IS NULL OR job_id LIKE $4) ";

std::vector<SqlValue> filter_values(const JobFilter& filter) {
  const std::string prefix = filter.id_prefix.empty() ? "" : filter.id_prefix + "%";
  return {text_or_null(filter.tenant), text_or_null(filter.status),
          text_or_null(filter.competition), text_or_null(prefix)};
}

}  // namespace

JobViews::JobViews(Database& database) : database_{database} {}

Result<std::unique_ptr<Rows>> JobViews::run(std::string_view sql,
                                            const std::vector<SqlValue>& values) {
  if (std::chrono::steady_clock::now() < rests_until_.load()) {
    return fail(errors::kUnavailable, "the database does not answer");
  }
  auto rows = database_.run(sql, values);
  if (!rows && rows.error().is(errors::kUnavailable)) {
    rests_until_.store(std::chrono::steady_clock::now() + kDatabaseRest);
  }
  return rows;
}

Result<std::optional<JobFacts>> JobViews::find(std::string_view job_id) {
  static const std::string kSql = select_jobs(
      ", (SELECT r.log_tail FROM podium.runs_view r WHERE r.job_id = j.job_id AND r.log_tail IS "
      "NOT NULL ORDER BY r.ended_at DESC LIMIT 1) AS log_tail "
      "FROM podium.jobs_view j WHERE job_id = $1");
  const auto rows = PODIUM_TRY(run(kSql, {job_id}));
  if (rows->size() == 0) return std::nullopt;
  JobFacts facts = job_of(*rows, 0);
  facts.log_tail = rows->text(0, "log_tail");
  return facts;
}

Result<JobPage> JobViews::list(const JobFilter& filter) {
  static const std::string kCount =
      "SELECT count(*) AS total FROM podium.jobs_view " + std::string{kFilter};
  static const std::string kSql = select_jobs(
      ", (extract(epoch FROM created_at) * 1000000)::bigint AS created_micro "
      "FROM podium.jobs_view " +
      std::string{kFilter} +
      "AND ($5::bigint IS NULL OR (created_at, job_id) < "
      "(timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6)) "
      "ORDER BY created_at DESC, job_id DESC LIMIT $7");

  std::vector<SqlValue> values = filter_values(filter);
  const auto counted = PODIUM_TRY(run(kCount, values));
  Cursor after;
  if (!filter.cursor.empty()) after = PODIUM_TRY(parse_cursor(filter.cursor));
  values.push_back(text_or_null(after.created_micro));
  values.emplace_back(after.job_id);
  values.emplace_back(filter.limit + 1);  // one more tells whether another page follows
  const auto rows = PODIUM_TRY(run(kSql, values));

  JobPage page{
      .total = counted->integer(0, "total"), .jobs = all_of(*rows, job_of), .next_cursor = {}};
  const auto limit = static_cast<std::size_t>(filter.limit);
  if (page.jobs.size() > limit) {
    page.jobs.resize(limit);
    page.next_cursor = rows->text(limit - 1, "created_micro") + "." + page.jobs.back().job_id;
  }
  return page;
}

Result<std::vector<CandidateFacts>> JobViews::candidates(std::string_view job_id) {
  static const std::string kSql =
      "SELECT candidate_id, kind, parent_id, generator, attempt, status, outcome, accepted, best, "
      "reason_code, message, plan_line, score_metric, score_value, score_direction, score_spread, "
      "score_folds, score_kind, second_parent_id, wall_seconds, model, calls, tokens, "
      "input_tokens, cached_tokens, output_tokens, cost_unknown, cost_micro_usd, "
      "leaderboard_score, leaderboard_rank, leaderboard_teams" +
      times({"created_at", "ended_at"}) +
      " FROM podium.candidates_view WHERE job_id = $1 ORDER BY number";
  const auto rows = PODIUM_TRY(run(kSql, {job_id}));
  return all_of(*rows, candidate_of);
}

Result<std::vector<RunFacts>> JobViews::runs(std::string_view job_id) {
  static const std::string kSql =
      "SELECT run_id, candidate_id, attempt, purpose, status, outcome, verdict_code, message, "
      "wall_seconds, cpu_seconds, memory_peak_bytes, score_metric, score_value, score_direction, "
      "score_spread, score_folds, score_kind, sandbox, log_key" +
      times({"started_at", "ended_at"}) +
      " FROM podium.runs_view v WHERE job_id = $1 ORDER BY v.started_at, v.run_id";
  const auto rows = PODIUM_TRY(run(kSql, {job_id}));
  return all_of(*rows, run_of);
}

Result<std::vector<ArtifactFacts>> JobViews::artifacts(std::string_view job_id) {
  static const std::string kSql = "SELECT candidate_id, run_id, name, key, sha256, bytes" +
                                  times({"created_at"}) +
                                  " FROM podium.artifacts_view v WHERE job_id = $1 "
                                  "ORDER BY v.created_at, candidate_id, run_id, name";
  const auto rows = PODIUM_TRY(run(kSql, {job_id}));
  return all_of(*rows, artifact_of);
}

Result<std::vector<SpendingFacts>> JobViews::spending(std::string_view tenant) {
  static constexpr std::string_view kSql =
      "SELECT tenant, jobs, candidates, calls, tokens, input_tokens, cached_tokens, "
      "output_tokens, cost_micro_usd, unpriced_calls FROM podium.spending_view "
      "WHERE $1 = '' OR tenant = $1 ORDER BY tenant";
  const auto rows = PODIUM_TRY(run(kSql, {tenant}));
  return all_of(*rows, spending_of);
}

Result<std::uint64_t> JobViews::projected_sequence() {
  const auto rows =
      PODIUM_TRY(run("SELECT coalesce(sequence, 0) AS sequence FROM podium.projection_view"));
  return static_cast<std::uint64_t>(rows->integer(0, "sequence"));
}

Result<std::vector<StoredEvent>> JobViews::events_after(std::string_view job_id,
                                                        std::uint64_t sequence,
                                                        std::int64_t limit) {
  static constexpr std::string_view kOfJob =
      "SELECT sequence, raw FROM podium.events_view WHERE job_id = $1 AND sequence > $2 "
      "AND stream_created = (SELECT stream_created FROM podium.projection_view) "
      "ORDER BY stream_created, sequence LIMIT $3";
  static constexpr std::string_view kOfAll =
      "SELECT sequence, raw FROM podium.events_view WHERE sequence > $1 "
      "AND stream_created = (SELECT stream_created FROM podium.projection_view) "
      "ORDER BY stream_created, sequence LIMIT $2";
  const auto rows = job_id.empty() ? PODIUM_TRY(run(kOfAll, {sequence, limit}))
                                   : PODIUM_TRY(run(kOfJob, {job_id, sequence, limit}));
  std::vector<StoredEvent> events;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    events.push_back(
        {static_cast<std::uint64_t>(rows->integer(row, "sequence")), rows->bytes(row, "raw")});
  }
  return events;
}

Result<std::int64_t> JobViews::queued_jobs() {
  const auto rows =
      PODIUM_TRY(run("SELECT count(*) AS queued FROM podium.jobs_view WHERE status = 'queued'"));
  return rows->integer(0, "queued");
}

}  // namespace podium::gateway
