#include "services/gateway/job_rows.hpp"

#include <format>
#include <nlohmann/json.hpp>

namespace podium::gateway {
namespace {

std::optional<ScoreFacts> score_of(const Rows& rows, std::size_t row) {
  if (rows.is_null(row, "score_value")) return std::nullopt;
  return ScoreFacts{
      .metric = rows.text(row, "score_metric"),
      .value = rows.real(row, "score_value"),
      .direction = rows.text(row, "score_direction"),
      .spread = rows.is_null(row, "score_spread") ? 0 : rows.real(row, "score_spread"),
      .folds = rows.is_null(row, "score_folds") ? 0 : rows.integer(row, "score_folds"),
      .kind = rows.text(row, "score_kind")};
}

std::int64_t integer_or_zero(const Rows& rows, std::size_t row, std::string_view column) {
  return rows.is_null(row, column) ? 0 : rows.integer(row, column);
}

std::optional<double> real_or_none(const Rows& rows, std::size_t row, std::string_view column) {
  return rows.is_null(row, column) ? std::nullopt : std::optional{rows.real(row, column)};
}

std::optional<std::int64_t> integer_or_none(const Rows& rows, std::size_t row,
                                            std::string_view column) {
  return rows.is_null(row, column) ? std::nullopt : std::optional{rows.integer(row, column)};
}

std::optional<LeaderboardFacts> leaderboard_of(const Rows& rows, std::size_t row) {
  if (rows.is_null(row, "submit_status")) return std::nullopt;
  return LeaderboardFacts{.status = rows.text(row, "submit_status"),
                          .reference = rows.text(row, "kaggle_reference"),
                          .public_score = real_or_none(rows, row, "leaderboard_score"),
                          .rank = integer_or_none(rows, row, "leaderboard_rank"),
                          .teams = integer_or_none(rows, row, "leaderboard_teams"),
                          .submitted_at = rows.text(row, "submitted_at"),
                          .scored_at = rows.text(row, "leaderboard_scored_at"),
                          .reason_code = rows.text(row, "submit_reason_code"),
                          .message = rows.text(row, "submit_message"),
                          .next_step = rows.text(row, "submit_next_step")};
}

std::vector<std::string> texts_of(const std::string& json_array) {
  std::vector<std::string> texts;
  const auto parsed = nlohmann::json::parse(json_array, nullptr, false);
  if (!parsed.is_array()) return texts;
  for (const auto& item : parsed) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

// "unpacking: 3 of 12 files".
std::string activity_of(const Rows& rows, std::size_t row) {
  std::string phase = rows.text(row, "phase");
  if (phase.empty()) return {};
  const std::int64_t total = integer_or_zero(rows, row, "phase_total");
  if (total == 0) return phase;
  return std::format("{}: {} of {} {}", phase, integer_or_zero(rows, row, "phase_done"), total,
                     rows.text(row, "phase_unit"));
}

}  // namespace

JobFacts job_of(const Rows& rows, std::size_t row) {
  JobFacts facts;
  facts.job_id = rows.text(row, "job_id");
  facts.tenant = rows.text(row, "tenant");
  facts.trace_id = rows.text(row, "trace_id");
  facts.kaggle_url = rows.text(row, "kaggle_url");
  facts.competition_name = rows.text(row, "slug");
  facts.competition_title = rows.text(row, "competition_title");
  facts.competition_source = rows.text(row, "competition_source");
  facts.status = rows.text(row, "status");
  facts.stage = rows.text(row, "stage");
  facts.progress = rows.integer(row, "progress");
  facts.activity = activity_of(rows, row);
  facts.message = rows.text(row, "message");
  facts.next_step = rows.text(row, "next_step");
  facts.reason_code = rows.text(row, "reason_code");
  facts.created_at = rows.text(row, "created_at");
  facts.started_at = rows.text(row, "started_at");
  facts.completed_at = rows.text(row, "completed_at");
  facts.best_candidate_id = rows.text(row, "best_candidate_id");
  facts.score = score_of(rows, row);
  facts.leaderboard = leaderboard_of(rows, row);
  facts.submission_key = rows.text(row, "submission_key");
  facts.submission_sha256 = rows.text(row, "submission_sha256");
  facts.submission_bytes = integer_or_zero(rows, row, "submission_bytes");
  facts.sandbox_name = rows.text(row, "sandbox_name");
  facts.candidates = rows.integer(row, "candidates");
  facts.candidates_done = rows.integer(row, "candidates_done");
  facts.candidates_max = integer_or_zero(rows, row, "candidates_max");
  facts.runs = rows.integer(row, "runs");
  facts.tokens = rows.integer(row, "tokens");
  facts.cost_micro_usd = rows.integer(row, "cost_micro_usd");
  facts.warnings = texts_of(rows.text(row, "warnings"));
  facts.last_sequence = static_cast<std::uint64_t>(rows.integer(row, "last_sequence"));
  return facts;
}

CandidateFacts candidate_of(const Rows& rows, std::size_t row) {
  const bool cost_known = !rows.boolean(row, "cost_unknown");
  return {.candidate_id = rows.text(row, "candidate_id"),
          .kind = rows.text(row, "kind"),
          .parent_id = rows.text(row, "parent_id"),
          .generator = rows.text(row, "generator"),
          .attempt = integer_or_zero(rows, row, "attempt"),
          .status = rows.text(row, "status"),
          .outcome = rows.text(row, "outcome"),
          .accepted = rows.boolean(row, "accepted"),
          .best = rows.boolean(row, "best"),
          .reason_code = rows.text(row, "reason_code"),
          .message = rows.text(row, "message"),
          .plan_line = rows.text(row, "plan_line"),
          .score = score_of(rows, row),
          .created_at = rows.text(row, "created_at"),
          .ended_at = rows.text(row, "ended_at"),
          .second_parent_id = rows.text(row, "second_parent_id"),
          .wall_seconds = real_or_none(rows, row, "wall_seconds"),
          .model = rows.text(row, "model"),
          .calls = rows.integer(row, "calls"),
          .tokens = rows.integer(row, "tokens"),
          .input_tokens = rows.integer(row, "input_tokens"),
          .cached_tokens = rows.integer(row, "cached_tokens"),
          .output_tokens = rows.integer(row, "output_tokens"),
          .cost_micro_usd =
              cost_known ? std::optional{rows.integer(row, "cost_micro_usd")} : std::nullopt,
          .public_score = real_or_none(rows, row, "leaderboard_score"),
          .rank = integer_or_none(rows, row, "leaderboard_rank"),
          .teams = integer_or_none(rows, row, "leaderboard_teams")};
}

RunFacts run_of(const Rows& rows, std::size_t row) {
  RunFacts run{.run_id = rows.text(row, "run_id"),
               .candidate_id = rows.text(row, "candidate_id"),
               .attempt = integer_or_zero(rows, row, "attempt"),
               .purpose = rows.text(row, "purpose"),
               .status = rows.text(row, "status"),
               .outcome = rows.text(row, "outcome"),
               .verdict_code = rows.text(row, "verdict_code"),
               .message = rows.text(row, "message"),
               .wall_seconds = real_or_none(rows, row, "wall_seconds"),
               .cpu_seconds = real_or_none(rows, row, "cpu_seconds"),
               .memory_peak_bytes = std::nullopt,
               .score = score_of(rows, row),
               .sandbox = rows.text(row, "sandbox"),
               .log_key = rows.text(row, "log_key"),
               .started_at = rows.text(row, "started_at"),
               .ended_at = rows.text(row, "ended_at")};
  if (!rows.is_null(row, "memory_peak_bytes")) {
    run.memory_peak_bytes = rows.integer(row, "memory_peak_bytes");
  }
  return run;
}

ArtifactFacts artifact_of(const Rows& rows, std::size_t row) {
  return {.candidate_id = rows.text(row, "candidate_id"),
          .run_id = rows.text(row, "run_id"),
          .name = rows.text(row, "name"),
          .key = rows.text(row, "key"),
          .sha256 = rows.text(row, "sha256"),
          .bytes = integer_or_zero(rows, row, "bytes"),
          .created_at = rows.text(row, "created_at")};
}

SpendingFacts spending_of(const Rows& rows, std::size_t row) {
  return {.tenant = rows.text(row, "tenant"),
          .jobs = rows.integer(row, "jobs"),
          .candidates = rows.integer(row, "candidates"),
          .calls = rows.integer(row, "calls"),
          .tokens = rows.integer(row, "tokens"),
          .input_tokens = rows.integer(row, "input_tokens"),
          .cached_tokens = rows.integer(row, "cached_tokens"),
          .output_tokens = rows.integer(row, "output_tokens"),
          .cost_micro_usd = rows.integer(row, "cost_micro_usd"),
          .unpriced_calls = rows.integer(row, "unpriced_calls")};
}

}  // namespace podium::gateway
