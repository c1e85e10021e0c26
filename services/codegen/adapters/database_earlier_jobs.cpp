#include "services/codegen/adapters/database_earlier_jobs.hpp"

#include "libs/competition/words.hpp"
#include "services/codegen/limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kWinner =
    "SELECT job_id, candidate_id, code_key, code_sha256, code_bytes, plan_line, score_metric, "
    "score_value, score_spread, score_folds "
    "FROM podium.earlier_runs_view "
    "WHERE job_id IN (SELECT job_id FROM podium.earlier_data_view "
    "  WHERE tenant = $1 AND data_sha256 = $2 ORDER BY created_at DESC LIMIT 100) "
    "AND metric_name = $3 AND score_direction = $4 AND wall_seconds <= $5 "
    "AND won AND code_sha256 IS NOT NULL AND score_value IS NOT NULL "
    "ORDER BY CASE score_direction WHEN 'maximize' THEN -score_value ELSE score_value END, "
    "ended_at DESC, job_id LIMIT 1";

// Of like size: from half to double. One run that took very much more than the others does not
// count: a candidate that is out of memory runs once more with more anyway.
constexpr std::string_view kMemory =
    "SELECT count(*) AS runs, "
    "percentile_disc(0.9) WITHIN GROUP (ORDER BY memory_peak_bytes) AS memory_peak_bytes "
    "FROM podium.earlier_runs_view "
    "WHERE job_id IN (SELECT job_id FROM podium.earlier_data_view "
    "  WHERE tenant = $1 AND data_bytes BETWEEN $3::bigint / 2 AND $3::bigint * 2 "
    "  ORDER BY created_at DESC LIMIT 100) "
    "AND task_kind = $2 AND outcome = 'ok'";

}  // namespace

Result<v1::EarlierJobs> DatabaseEarlierJobs::recall(std::string_view tenant,
                                                    const v1::Scraped& scraped,
                                                    std::chrono::seconds winner_time_max) {
  using Clock = std::chrono::steady_clock;
  if (Clock::now() < rests_until_.load()) {
    return fail(errors::kUnavailable, "the database did not answer a moment ago");
  }
  v1::EarlierJobs earlier;
  auto asked = winners_ ? recall_winner(tenant, scraped, winner_time_max, earlier) : Result<void>{};
  if (asked) asked = recall_memory(tenant, scraped, earlier);
  if (asked) return earlier;
  rests_until_ = Clock::now() + kEarlierJobsRest;
  // A winner that was found is not forgotten because the second question failed.
  if (earlier.has_winner()) return earlier;
  return std::unexpected{asked.error()};
}

Result<void> DatabaseEarlierJobs::recall_winner(std::string_view tenant, const v1::Scraped& scraped,
                                                std::chrono::seconds time_max,
                                                v1::EarlierJobs& earlier) {
  const auto& metric = scraped.metric();
  const auto rows = PODIUM_TRY(database_.run(
      kWinner, {tenant, scraped.data().sha256(), metric.name(),
                competition::direction_word(metric.higher_is_better()), time_max.count()}));
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
