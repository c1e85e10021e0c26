// The tracker between a real nats-server and a real PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <format>
#include <thread>

#include "libs/chassis/ids.hpp"
#include "services/tracker/columns.hpp"
#include "services/tracker/testing/cluster.hpp"
#include "services/tracker/testing/job_script.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::tracker {
namespace {

using std::chrono::seconds;
using testing::Cluster;
using testing::JobScript;
using testing::RunningTracker;
using testing::whole_job;

constexpr seconds kTrackWait{60};

std::string tracked_job(int number) {
  return uuid_v8_of(std::format("job {}", number));
}

class Tracker : public ::testing::Test {
 protected:
  bool eventually(const std::function<bool()>& condition) {
    return podium::testing::wait_until(condition, kTrackWait);
  }
  bool caught_up() {
    return eventually([&] { return cluster_.is_up_to_date(); });
  }
  void publish_jobs(int first, int last) {
    for (int number = first; number <= last; ++number) {
      cluster_.publish(whole_job(tracked_job(number)).events());
    }
  }
  std::int64_t count(const std::string& what) {
    return cluster_.number("SELECT count(*) AS n FROM podium." + what);
  }

  Cluster cluster_;
};

using TrackerFaults = Tracker;

TEST_F(Tracker, AJobsEventsBecomeTheRowsThatReadersSee) {
  cluster_.publish(whole_job(tracked_job(1)).events());
  const RunningTracker tracker{cluster_};
  ASSERT_TRUE(caught_up());
  const auto reader = cluster_.open("podium_gateway");
  const auto job =
      reader->run("SELECT * FROM podium.jobs_view WHERE job_id = $1", {tracked_job(1)});
  ASSERT_TRUE(job.has_value()) << job.error().text();
  ASSERT_EQ((*job)->size(), 1U);
  EXPECT_EQ((*job)->text(0, "status"), "success");
  EXPECT_EQ((*job)->integer(0, "progress"), 100);
  EXPECT_EQ((*job)->real(0, "score_value"), 0.83);
  EXPECT_EQ((*job)->text(0, "created_at"), "2026-11-22 08:30:51.123456+00");
  EXPECT_EQ((*job)->text(0, "warnings"), R"(["The deadline \"has\" passed."])");
  const auto best = reader->run(
      "SELECT candidate_id, parent_id, second_parent_id, best, model, calls, input_tokens, "
      "cached_tokens, output_tokens, cost_unknown, wall_seconds FROM podium.candidates_view "
      "WHERE job_id = $1 ORDER BY number",
      {tracked_job(1)});
  ASSERT_EQ((*best)->size(), 3U);
  EXPECT_TRUE((*best)->boolean(2, "best"));
  EXPECT_EQ((*best)->text(2, "parent_id"), "c1");
  EXPECT_EQ((*best)->text(2, "second_parent_id"), "c2");
  EXPECT_EQ((*best)->text(2, "model"), "model-of-c3");
  EXPECT_EQ((*best)->integer(2, "calls"), 1);
  EXPECT_EQ((*best)->integer(2, "input_tokens"), 60);
  EXPECT_EQ((*best)->integer(2, "cached_tokens"), 20);
  EXPECT_EQ((*best)->integer(2, "output_tokens"), 40);
  EXPECT_FALSE((*best)->boolean(2, "cost_unknown"));
  EXPECT_EQ((*best)->real(2, "wall_seconds"), 12.5);
  EXPECT_TRUE((*best)->is_null(0, "model"));
  EXPECT_TRUE((*best)->is_null(1, "wall_seconds"));
  const auto run =
      reader->run("SELECT log_tail FROM podium.runs_view WHERE job_id = $1 ORDER BY started_at",
                  {tracked_job(1)});
  EXPECT_EQ((*run)->text(0, "log_tail"), "line\n\ttab \"quote\"");
  EXPECT_EQ(count("artifacts"), 15);
  EXPECT_EQ(count("anomalies"), 0);
}

TEST_F(Tracker, ACandidatesSecondsAreThoseOfItsNewestRun) {
  JobScript script{tracked_job(1)};
  script.requested();
  script.draft_requested("c1");
  script.drafted("c1");
  script.executed("c1", v1::RUN_OUTCOME_LOST, 0).mutable_executed()->set_wall_seconds(99);
  script.executed("c1", v1::RUN_OUTCOME_OK, 0.5, 2).mutable_executed()->set_wall_seconds(3.5);
  script.draft_requested("c2");
  script.drafted("c2");
  script.executed("c2", v1::RUN_OUTCOME_LOST, 0);
  script.started("c2", 2);
  cluster_.publish(script.events());
  const RunningTracker tracker{cluster_};
  ASSERT_TRUE(caught_up());
  const auto rows = cluster_.open("podium_gateway")
                        ->run("SELECT wall_seconds FROM podium.candidates_view ORDER BY number");
  ASSERT_EQ((*rows)->size(), 2U);
  EXPECT_EQ((*rows)->real(0, "wall_seconds"), 3.5);
  EXPECT_TRUE((*rows)->is_null(1, "wall_seconds"));
}

TEST_F(Tracker, TheArchiveHoldsEveryMessageByteForByte) {
  const auto script = whole_job(tracked_job(1));
  cluster_.publish(script.events());
  const RunningTracker tracker{cluster_};
  ASSERT_TRUE(caught_up());
  const auto rows = cluster_.open("podium_gateway")
                        ->run(
                            "SELECT sequence, name, raw FROM podium.events_view "
                            "WHERE job_id = $1 ORDER BY stream_created, sequence",
                            {tracked_job(1)});
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  ASSERT_EQ((*rows)->size(), script.events().size());
  for (std::size_t row = 0; row < script.events().size(); ++row) {
    EXPECT_EQ((*rows)->bytes(row, "raw"), script.events()[row].SerializeAsString());
    EXPECT_EQ((*rows)->integer(row, "sequence"), static_cast<std::int64_t>(row) + 1);
  }
  EXPECT_EQ((*rows)->text(0, "name"), "requested");
}

TEST_F(Tracker, BytesThatAreNoEventArePassedAndKept) {
  cluster_.publish_raw("podium.jobs.x.requested", std::string_view{"\xff\x00junk", 6});
  cluster_.publish_raw("podium.jobs.x.unheard-of", "");
  cluster_.publish(whole_job(tracked_job(1)).events());
  const RunningTracker tracker{cluster_};
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("anomalies WHERE what = 'undecodable'"), 2);
  EXPECT_EQ(count("events WHERE job_id IS NULL"), 2);
  EXPECT_EQ(count("jobs WHERE status = 'success'"), 1);
}

TEST_F(TrackerFaults, AValueThatTheDatabaseRefusesIsPassedAndKept) {
  JobScript script{tracked_job(1)};
  script.requested();
  script.scraped();
  script.draft_requested("c1");
  script.drafted("c1");
  script.executed("c1", v1::RUN_OUTCOME_OK, 0.5)
      .mutable_executed()
      ->mutable_score()
      ->set_folds(4'000'000'000);
  script.progressed("running", 1, 2);
  cluster_.publish(script.events());
  const RunningTracker tracker{cluster_};
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("anomalies WHERE what = 'refused_by_database'"), 1);
  EXPECT_EQ(count("events"), 6);
  EXPECT_EQ(count("runs"), 0);
  EXPECT_EQ(count("jobs WHERE phase = 'running'"), 1);
}

TEST_F(Tracker, StartedAgainGoesOnAndCountsNothingTwice) {
  publish_jobs(1, 3);
  {
    const RunningTracker tracker{cluster_};
    ASSERT_TRUE(caught_up());
  }
  const std::string before = cluster_.projection_hash();
  {
    const RunningTracker tracker{cluster_};
    publish_jobs(1, 3);
    ASSERT_TRUE(caught_up());
    EXPECT_EQ(cluster_.projection_hash(), before);
    publish_jobs(4, 4);
    ASSERT_TRUE(caught_up());
  }
  EXPECT_EQ(count("jobs WHERE tokens = 207"), 4);
}

TEST_F(TrackerFaults, ResetStreamIsReadFromItsBeginningAndTheOldArchiveStays) {
  const RunningTracker tracker{cluster_};
  publish_jobs(1, 2);
  ASSERT_TRUE(caught_up());
  const std::int64_t before = count("events");
  cluster_.delete_stream();
  cluster_.make_stream();
  publish_jobs(3, 3);
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("jobs WHERE status = 'success'"), 3);
  EXPECT_EQ(count("events"), before + static_cast<std::int64_t>(whole_job("x").events().size()));
  EXPECT_EQ(cluster_.number("SELECT count(DISTINCT stream_created) AS n FROM podium.events"), 2);
}

TEST_F(TrackerFaults, PostgresKilledMidwayLosesAndDoublesNothing) {
  const RunningTracker tracker{cluster_};
  std::jthread publisher{[&] { publish_jobs(1, 60); }};
  for (int kills = 0; kills < 3; ++kills) {
    const std::int64_t wanted = 10 * (kills + 1);
    ASSERT_TRUE(eventually([&] { return count("jobs") >= wanted; }));
    cluster_.postgres.kill();
    cluster_.postgres.start();
  }
  publisher.join();
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("jobs WHERE status = 'success' AND tokens = 207 AND runs = 2"), 60);
  EXPECT_EQ(count("events"), 60 * static_cast<std::int64_t>(whole_job("x").events().size()));
  EXPECT_EQ(count("anomalies"), 0);
}

TEST_F(TrackerFaults, NatsKilledMidwayLosesAndDoublesNothing) {
  const RunningTracker tracker{cluster_};
  publish_jobs(1, 10);
  ASSERT_TRUE(caught_up());
  cluster_.nats.kill();
  cluster_.nats.start();
  publish_jobs(11, 20);
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("jobs WHERE status = 'success' AND tokens = 207"), 20);
  EXPECT_EQ(count("anomalies"), 0);
}

TEST_F(TrackerFaults, TwoAtOnceWriteWhatOneWritesAndTheSecondTakesOver) {
  auto first = std::make_unique<RunningTracker>(cluster_);
  const RunningTracker second{cluster_};
  publish_jobs(1, 10);
  ASSERT_TRUE(caught_up());
  std::jthread publisher{[&] { publish_jobs(11, 30); }};
  first.reset();
  publisher.join();
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("jobs WHERE status = 'success' AND tokens = 207"), 30);
  EXPECT_EQ(count("events"), 30 * static_cast<std::int64_t>(whole_job("x").events().size()));
}

TEST_F(TrackerFaults, WriterWhoseSessionIsEndedIsFollowedWithoutAGap) {
  const RunningTracker first{cluster_};
  const RunningTracker second{cluster_};
  std::jthread publisher{[&] { publish_jobs(1, 40); }};
  const auto owner = cluster_.open("podium");
  for (int ends = 0; ends < 3; ++ends) {
    const std::int64_t wanted = 8 * (ends + 1);
    ASSERT_TRUE(eventually([&] { return count("jobs") >= wanted; }));
    ASSERT_TRUE(
        owner->run("SELECT pg_terminate_backend(l.pid) FROM pg_locks l "
                   "WHERE l.locktype = 'advisory' AND l.granted"));
  }
  publisher.join();
  ASSERT_TRUE(caught_up());
  EXPECT_EQ(count("jobs WHERE status = 'success' AND tokens = 207"), 40);
}

TEST_F(Tracker, ColumnsAreThoseOfTheTables) {
  const auto owner = cluster_.open("podium");
  const auto check = [&](const auto& shape) {
    const auto rows = owner->run(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'podium' "
        "AND table_name = $1 ORDER BY ordinal_position",
        {shape.name});
    ASSERT_EQ((*rows)->size(), shape.columns.size()) << shape.name;
    for (std::size_t row = 0; row < shape.columns.size(); ++row) {
      EXPECT_EQ((*rows)->text(row, "column_name"), shape.columns[row].name) << shape.name;
    }
  };
  check(kJobs);
  check(kCandidates);
  check(kRuns);
  check(kArtifacts);
  check(kAnomalies);
}

TEST_F(Tracker, NeedsTheNewestMigrationThatThereIs) {
  EXPECT_EQ(cluster_.number("SELECT max(version) AS n FROM podium.schema_migrations"),
            kSchemaVersion);
}

TEST_F(Tracker, IsReadyWhileTheDatabaseAnswers) {
  const auto database = cluster_.open("podium_tracker");
  PostgresProjectionStore store{*database};
  EXPECT_TRUE(store.check().has_value());
  cluster_.postgres.kill();
  const auto away = store.check();
  ASSERT_FALSE(away.has_value());
  EXPECT_TRUE(away.error().is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium::tracker
