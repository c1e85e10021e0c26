// `podium rebuild` against a real PostgreSQL, beside a tracker at work and readers that go on.
#include "services/tracker/rebuild.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <format>
#include <iostream>
#include <thread>

#include "libs/chassis/ids.hpp"
#include "services/tracker/archive.hpp"
#include "services/tracker/testing/cluster.hpp"
#include "services/tracker/testing/job_script.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::tracker {
namespace {

using std::chrono::seconds;
using testing::Cluster;
using testing::RunningTracker;
using testing::whole_job;

constexpr seconds kRebuildWait{60};
// Names of indexes and constraints, definitions of views, rights: all that a rebuild must give
// back.
constexpr std::string_view kCatalogue = R"(
  SELECT string_agg(line, E'\n' ORDER BY line) AS text FROM (
    SELECT indexname || ' ' || indexdef AS line FROM pg_indexes WHERE schemaname = 'podium'
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'podium'::regnamespace
    UNION ALL
    SELECT c.relname || ' ' || coalesce(c.relacl::text, '') || ' ' ||
           coalesce(CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END, '')
      FROM pg_class c WHERE c.relnamespace = 'podium'::regnamespace AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || ' ' || a.attnotnull || ' ' || a.attcollation::regcollation
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'podium'::regnamespace AND a.attnum > 0 AND c.relkind = 'r'
  ) AS lines)";

std::string rebuilt_job(int number) {
  return uuid_v8_of(std::format("job {}", number));
}

class Rebuilding : public ::testing::Test {
 protected:
  bool caught_up() {
    return podium::testing::wait_until([&] { return cluster_.is_up_to_date(); }, kRebuildWait);
  }
  void publish_jobs(int first, int last) {
    for (int number = first; number <= last; ++number) {
      cluster_.publish(whole_job(rebuilt_job(number)).events());
    }
  }
  Result<RebuildReport> rebuild() {
    const auto bus = cluster_.connect();
    const auto database = cluster_.open("podium_tracker");
    return Rebuild{*database, *bus}.run();
  }
  std::string catalogue() {
    return cluster_.open("podium")->run(kCatalogue).value()->text(0, "text");
  }
  void run_as_owner(std::string_view sql) {
    const auto done = cluster_.open("podium")->run(sql);
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }

  Cluster cluster_;
};

using RebuildingFaults = Rebuilding;

TEST_F(Rebuilding, GivesTheSameRowsByteForByteAndTheSameTables) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 40);
    cluster_.publish_raw("podium.jobs.x.requested", "junk");
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  const std::string tables = catalogue();
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(report->messages, cluster_.number("SELECT count(*) AS n FROM podium.events"));
  EXPECT_EQ(report->anomalies, 1);
  EXPECT_EQ(report->recovered, 0);
  EXPECT_EQ(report->rows_changed, 0);
  EXPECT_EQ(cluster_.projection_hash(), rows);
  EXPECT_EQ(catalogue(), tables);
  ASSERT_TRUE(rebuild().has_value());
  EXPECT_EQ(cluster_.projection_hash(), rows);
  EXPECT_EQ(catalogue(), tables);
}

// As after an upgrade: rows that an earlier version wrote have the defaults of the new columns.
TEST_F(Rebuilding, FillsColumnsThatAnEarlierVersionDidNotWrite) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 3);
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  run_as_owner(
      "UPDATE podium.candidates SET second_parent_id = NULL, model = NULL, calls = 0, "
      "input_tokens = 0, cached_tokens = 0, output_tokens = 0, cost_unknown = false");
  run_as_owner("DELETE FROM podium.artifacts WHERE name IN ('prompt.md', 'reply.md', 'report.md')");
  EXPECT_NE(cluster_.projection_hash(), rows);
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  // Of each job the two candidates that a model was asked for, and five files.
  EXPECT_EQ(report->rows_changed, 3 * (2 + 5));
  EXPECT_EQ(cluster_.projection_hash(), rows);
}

TEST_F(Rebuilding, MendsRowsThatWereSpoilt) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 5);
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  run_as_owner("UPDATE podium.jobs SET status = 'failed', tokens = 0");
  run_as_owner("DELETE FROM podium.runs");
  run_as_owner(
      "UPDATE podium.candidates SET id = 'stray' WHERE id = 'c2' AND job_id = (SELECT "
      "min(job_id) FROM podium.candidates)");
  EXPECT_NE(cluster_.projection_hash(), rows);
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  // Jobs, runs, and the candidate that was renamed: gone under one name and back under the other.
  EXPECT_EQ(report->rows_changed, 5 + 10 + 2);
  EXPECT_EQ(cluster_.projection_hash(), rows);
}

TEST_F(Rebuilding, TheTrackerGoesOnAsIfNothingHadHappened) {
  const RunningTracker tracker{cluster_};
  std::jthread publisher{[&] { publish_jobs(1, 80); }};
  for (int times = 0; times < 3; ++times) {
    const auto report = rebuild();
    ASSERT_TRUE(report.has_value()) << report.error().text();
  }
  publisher.join();
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(cluster_.number("SELECT count(*) AS n FROM podium.jobs WHERE status = 'success' "
                            "AND tokens = 207 AND runs = 2 AND candidates_done = 3"),
            80);
  const std::string rows = cluster_.projection_hash();
  ASSERT_TRUE(rebuild().has_value());
  EXPECT_EQ(cluster_.projection_hash(), rows);
}

TEST_F(Rebuilding, ReadersGoOnAndAlwaysSeeEveryJob) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 30);
    ASSERT_TRUE(caught_up());
  }
  std::atomic<int> reads = 0;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (int reader = 0; reader < 3; ++reader) {
      readers.emplace_back([&](const std::stop_token& stop) {
        const auto database = cluster_.open("podium_gateway");
        while (!stop.stop_requested()) {
          const auto rows = database->run(
              "SELECT count(*) AS n FROM podium.jobs_view j JOIN podium.candidates_view c "
              "USING (job_id) JOIN podium.runs_view r USING (job_id, candidate_id) "
              "CROSS JOIN podium.projection_view");
          ++reads;
          if (!rows || (*rows)->integer(0, "n") != 60) ++wrong;
        }
      });
    }
    for (int times = 0; times < 5; ++times) {
      const int before = reads;
      run_as_owner("UPDATE podium.jobs SET tokens = 0");
      const auto report = rebuild();
      ASSERT_TRUE(report.has_value()) << report.error().text();
      EXPECT_EQ(report->rows_changed, 30);
      ASSERT_TRUE(podium::testing::wait_until([&] { return reads > before + 10; }, kRebuildWait));
    }
  }
  EXPECT_EQ(wrong.load(), 0);
}

TEST_F(RebuildingFaults, ReaderInATransactionNeitherWaitsNorHoldsItUp) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 3);
    ASSERT_TRUE(caught_up());
  }
  run_as_owner("UPDATE podium.jobs SET tokens = 1");
  const auto reader = cluster_.open("podium_gateway")->session().value();
  const auto sum = [&] {
    return reader->run("SELECT sum(tokens) AS n FROM podium.jobs_view").value()->integer(0, "n");
  };
  ASSERT_TRUE(reader->run("BEGIN ISOLATION LEVEL REPEATABLE READ").has_value());
  EXPECT_EQ(sum(), 3);
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(sum(), 3);
  ASSERT_TRUE(reader->run("COMMIT").has_value());
  EXPECT_EQ(sum(), 3 * 207);
}

TEST_F(RebuildingFaults, HolesInTheArchiveAreFilledFromTheStream) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 10);
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  run_as_owner("DELETE FROM podium.events WHERE sequence % 3 = 0");
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(report->recovered, 50);
  EXPECT_EQ(cluster_.projection_hash(), rows);
}

TEST_F(RebuildingFaults, EarlierGenerationsOfTheStreamAreReplayedToo) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 3);
    ASSERT_TRUE(caught_up());
    cluster_.delete_stream();
    cluster_.make_stream();
    publish_jobs(4, 5);
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  ASSERT_TRUE(rebuild().has_value());
  EXPECT_EQ(cluster_.projection_hash(), rows);
  EXPECT_EQ(cluster_.number("SELECT count(*) AS n FROM podium.jobs"), 5);
}

TEST_F(RebuildingFaults, ASecondOneAtTheSameTimeIsRefused) {
  const auto database = cluster_.open("podium_tracker");
  const auto other = database->session().value();
  ASSERT_TRUE(other->run("SELECT pg_advisory_lock(32199620896058468)").has_value());
  const auto report = rebuild();
  ASSERT_FALSE(report.has_value());
  EXPECT_TRUE(report.error().is(errors::kConflict));
}

TEST_F(RebuildingFaults, OneThatWasBrokenOffIsBegunAnew) {
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 3);
    ASSERT_TRUE(caught_up());
  }
  const std::string rows = cluster_.projection_hash();
  const auto database = cluster_.open("podium_tracker");
  ASSERT_TRUE(database->run("SELECT podium.begin_rebuild()").has_value());
  ASSERT_TRUE(database->run("INSERT INTO podium_shadow.checkpoint VALUES (true, now(), 7)"));
  ASSERT_TRUE(rebuild().has_value());
  EXPECT_EQ(cluster_.projection_hash(), rows);
}

TEST_F(Rebuilding, AnEmptyProjectionStaysEmpty) {
  const auto report = rebuild();
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(report->messages, 0);
}

}  // namespace
}  // namespace podium::tracker
