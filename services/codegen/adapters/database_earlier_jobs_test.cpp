// With a real PostgreSQL, set up as always and read with codegen's own rights.
#include "services/codegen/adapters/database_earlier_jobs.hpp"

#include <gtest/gtest.h>

#include <format>

#include "cli/setup/sql/sql_migrations.hpp"
#include "tests/support/postgres_server.hpp"

namespace podium::codegen {
namespace {

constexpr const char* kData = "d1";

/// A job that ended with one candidate, as the projection would have it.
struct EndedJob {
  std::string id;
  double score = 0.5;
  std::string tenant = "default";
  std::string data = kData;
  std::string metric = "Accuracy";
  std::string status = "success";
  std::string outcome = "ok";
  std::int64_t memory = 1'000;
  double seconds = 10;
  std::int64_t data_bytes = 1'000;
};

class EarlierJobsTest : public ::testing::Test {
 protected:
  EarlierJobsTest() {
    const std::vector<setup::SqlRole> roles{
        {.name = "podium_tracker", .password = Secret{"podium"}},
        {.name = "podium_gateway", .password = Secret{"podium"}},
        {.name = "podium_codegen", .password = Secret{"podium"}}};
    EXPECT_TRUE(setup::apply_sql(*owner_, std::string{PODIUM_SOURCE_DIR} + "/schemas/sql", roles));
  }

  std::unique_ptr<Database> open(const std::string& role) const {
    return Database::open({.url = server_.url(role),
                           .password = Secret{"podium"},
                           .application_name = "earlier-jobs-test"})
        .value();
  }

  void add(const EndedJob& job) {
    const std::string head = "INSERT INTO podium.";
    must(head +
             "jobs (id, tenant, slug, kaggle_url, options, priority, created_at, updated_at, "
             "warnings, status, stage, progress, candidates, candidates_done, "
             "candidates_accepted, drafts_open, runs_open, runs, tokens, cost_micro_usd, "
             "last_stream, last_sequence, task_kind, metric_name, best_candidate_id) VALUES "
             "($1, $2, 's', '', '{}', 0, now(), now(), '[]', $3, 'done', 100, 1, 1, 1, 0, 0, 1, "
             "0, 0, now(), 1, 'binary', $4, 'c1')",
         {job.id, job.tenant, job.status, job.metric});
    must(head +
             "candidates (job_id, id, number, kind, generator, attempt, status, accepted, "
             "plan_line, code_key, tokens, cost_micro_usd, created_at, last_stream, "
             "last_sequence) VALUES ($1, 'c1', 1, 'draft', 'builtin', 1, 'done', true, 'trees', "
             "$2, 0, 0, now(), now(), 1)",
         {job.id, job.id + "/c1/solution.py"});
    must(head +
             "runs (job_id, id, candidate_id, attempt, status, outcome, verdict_accepted, "
             "verdict_columns, verdict_warnings, memory_peak_bytes, score_metric, score_value, "
             "score_direction, score_spread, score_folds, wall_seconds, ended_at, last_stream, "
             "last_sequence) VALUES ($1, 'r', 'c1', 1, 'ended', $2, true, '[]', '[]', $3, "
             "'accuracy', $4, 'maximize', 0.01, 5, $5, now(), now(), 1)",
         {job.id, job.outcome, job.memory, job.score, job.seconds});
    const auto artifact = head +
                          "artifacts (job_id, candidate_id, run_id, name, key, sha256, bytes, "
                          "created_at, last_stream, last_sequence) VALUES "
                          "($1, $2, '', $3, 'key', $4, $5, now(), now(), 1)";
    must(artifact, {job.id, "", "data.tar", job.data, job.data_bytes});
    must(artifact, {job.id, "c1", "solution.py", "hash of " + job.id, 10});
  }

  void must(const std::string& sql, const std::vector<SqlValue>& values) {
    const auto done = owner_->run(sql, values);
    ASSERT_TRUE(done) << done.error().text();
  }

  v1::EarlierJobs recall(bool winners = true) {
    v1::Scraped scraped;
    scraped.mutable_data()->set_sha256(kData);
    scraped.mutable_data()->set_bytes(1'000);
    scraped.mutable_metric()->set_name("Accuracy");
    scraped.mutable_metric()->set_higher_is_better(true);
    scraped.set_task_kind(v1::TASK_KIND_BINARY);
    const auto found = DatabaseEarlierJobs{*database_, winners}.recall("default", scraped,
                                                                       std::chrono::seconds{60});
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(v1::EarlierJobs{});
  }

  podium::testing::PostgresServer server_;
  std::unique_ptr<Database> owner_ = open("podium");
  std::unique_ptr<Database> database_ = open("podium_codegen");
};

TEST_F(EarlierJobsTest, TheBestOfTheSameDataAndMetricWon) {
  EXPECT_FALSE(recall().has_winner());
  add({.id = "good", .score = 0.8});
  add({.id = "best", .score = 0.9});
  const auto winner = recall().winner();
  EXPECT_EQ(winner.job_id(), "best");
  EXPECT_EQ(winner.candidate_id(), "c1");
  EXPECT_EQ(winner.code().key(), "best/c1/solution.py");
  EXPECT_EQ(winner.code().sha256(), "hash of best");
  EXPECT_EQ(winner.plan_line(), "trees");
  EXPECT_DOUBLE_EQ(winner.score().value(), 0.9);
  EXPECT_EQ(winner.score().folds(), 5U);
  EXPECT_FALSE(recall(false).has_winner()) << "switched off";
}

TEST_F(EarlierJobsTest, OtherTenantsOtherDataOtherMetricsAndFailuresWonNothing) {
  add({.id = "tenant", .tenant = "another"});
  add({.id = "data", .data = "d2"});
  add({.id = "metric", .metric = "AUC"});
  add({.id = "cancelled", .status = "cancelled"});
  add({.id = "slow", .seconds = 61});
  EXPECT_FALSE(recall().has_winner());
}

TEST_F(EarlierJobsTest, MemoryIsThatOfRunsOnDataOfLikeSize) {
  for (int number = 0; number < 18; ++number) add({.id = std::format("small-{}", number)});
  add({.id = "like", .data = "d2", .memory = 5'000, .data_bytes = 1'900});
  add({.id = "greedy", .memory = 90'000});
  add({.id = "out-of-memory", .outcome = "out_of_memory", .memory = 99'000});
  add({.id = "large", .data = "d3", .memory = 99'000, .data_bytes = 2'100});
  const auto earlier = recall();
  EXPECT_EQ(earlier.runs(), 20U);
  EXPECT_EQ(earlier.memory_peak_bytes(), 1'000U) << "one run of twenty does not count";
}

}  // namespace
}  // namespace podium::codegen
