// EarlierJobsReader on podium.earlier_runs_view of the projection (schemas/sql/R__views.sql). Looks
// at the newest 100 jobs with such data. Thread-safe, as Database is, which must outlive it.
#pragma once

#include <atomic>
#include <chrono>

#include "libs/chassis/postgres/postgres.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class DatabaseEarlierJobs final : public EarlierJobsReader {
 public:
  /// With `winners` false only what runs took is told.
  DatabaseEarlierJobs(Database& database, bool winners) : database_{database}, winners_{winners} {}

  /// The winner: the best program of the tenant's jobs that succeeded with the same data and
  /// metric. Runs and memory: of data of about the same size and the same kind of task. UNAVAILABLE
  /// while the database is away, and for kEarlierJobsRest after it failed.
  Result<v1::EarlierJobs> recall(std::string_view tenant, const v1::Scraped& scraped,
                                 std::chrono::seconds winner_time_max) override;

 private:
  Result<void> recall_winner(std::string_view tenant, const v1::Scraped& scraped,
                             std::chrono::seconds time_max, v1::EarlierJobs& earlier);
  Result<void> recall_memory(std::string_view tenant, const v1::Scraped& scraped,
                             v1::EarlierJobs& earlier);

  Database& database_;
  bool winners_;
  std::atomic<std::chrono::steady_clock::time_point> rests_until_{};
};

}  // namespace podium::codegen
