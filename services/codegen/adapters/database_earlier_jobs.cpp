#include "services/codegen/adapters/database_earlier_jobs.hpp"

#include "libs/competition/words.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kWinner =
    "SELECT job_id, candidate_id, code_key, code_sha256, code_bytes, plan_line, score_metric, "
    "score_value, score_spread, score_folds "
    "FROM podium.earlier_runs_view "
    "WHERE tenant = $1 AND data_sha256 = $2 AND metric_name = $3 AND score_direction = $4 "
    "AND won AND code_sha256 IS NOT NULL AND score_value IS NOT NULL "
    "ORDER BY CASE score_direction WHEN 'maximize' THEN -score_value ELSE score_value END, "
    "ended_at DESC, job_id LIMIT 1";

// Of like size: from half to double.
constexpr std::string_view kMemory =
    "SELECT count(*) AS runs, max(memory_peak_bytes) AS memory_peak_bytes "
    "FROM podium.earlier_runs_view "
    "WHERE tenant = $1 AND task_kind = $2 AND data_bytes BETWEEN $3::bigint / 2 AND $3::bigint * 2 "
    "AND outcome IN ('ok', 'out_of_memory')";

}  // namespace

Result<v1::EarlierJobs> DatabaseEarlierJobs::recall(std::string_view tenant,
                                                    const v1::Scraped& scraped) {
  v1::EarlierJobs earlier;
  if (winners_) PODIUM_TRY(recall_winner(tenant, scraped, earlier));
  PODIUM_TRY(recall_memory(tenant, scraped, earlier));
  return earlier;
}

Result<void> DatabaseEarlierJobs::recall_winner(std::string_view tenant, const v1::Scraped& scraped,
                                                v1::EarlierJobs& earlier) {
  const auto& metric = scraped.metric();
  const auto rows =
      PODIUM_TRY(database_.run(kWinner, {tenant, scraped.data().sha256(), metric.name(),
                                         competition::direction_word(metric.higher_is_better())}));
  if (rows->size() == 0) return {};
  auto& winner = *earlier.mutable_winner();
  winner.set_job_id(rows->text(0, "job_id"));
  winner.set_candidate_id(rows->text(0, "candidate_id"));
  winner.set_plan_line(rows->text(0, "plan_line"));
  winner.mutable_code()->set_key(rows->text(0, "code_key"));
  winner.mutable_code()->set_sha256(rows->text(0, "code_sha256"));
  winner.mutable_code()->set_bytes(static_cast<std::uint64_t>(rows->integer(0, "code_bytes")));
  auto& score = *winner.mutable_score();
  score.set_metric(rows->text(0, "score_metric"));
  score.set_value(rows->real(0, "score_value"));
  score.set_higher_is_better(metric.higher_is_better());
  score.set_spread(rows->real(0, "score_spread"));
  score.set_folds(static_cast<std::uint32_t>(rows->integer(0, "score_folds")));
  return {};
}

Result<void> DatabaseEarlierJobs::recall_memory(std::string_view tenant, const v1::Scraped& scraped,
                                                v1::EarlierJobs& earlier) {
  const auto rows = PODIUM_TRY(
      database_.run(kMemory, {tenant, competition::word(scraped.task_kind()).value_or(""),
                              static_cast<std::int64_t>(scraped.data().bytes())}));
  earlier.set_runs(static_cast<std::uint32_t>(rows->integer(0, "runs")));
  earlier.set_memory_peak_bytes(static_cast<std::uint64_t>(rows->integer(0, "memory_peak_bytes")));
  return {};
}

}  // namespace podium::codegen
