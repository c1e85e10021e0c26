// The projection in PostgreSQL. The writer's place is a session lock, and every batch is written on
// the session that holds it: whoever loses the one loses the other. The checkpoint's
// compare-and-set is the second fence, and lets `podium rebuild` take the tables over between two
// batches.
#pragma once

#include <memory>

#include "libs/chassis/postgres/postgres.hpp"
#include "services/tracker/ports.hpp"
#include "services/tracker/projection_tables.hpp"

namespace podium::tracker {

/// The newest migration in schemas/sql that this version needs.
inline constexpr int kSchemaVersion = 5;

class PostgresProjectionStore final : public ProjectionStore {
 public:
  explicit PostgresProjectionStore(Database& database);

  Result<bool> acquire() override;
  void release() override;
  Result<std::optional<Position>> checkpoint() override;
  Result<Applied> apply(const std::optional<Position>& before,
                        const std::vector<Recorded>& batch) override;
  Result<void> pass_over(const std::optional<Position>& before, const Recorded& message,
                         const std::string& detail) override;
  Result<std::map<std::string, std::int64_t>> open_jobs_by_stage() override;
  Result<void> check() override;

 private:
  Result<Session*> writer();

  Database& database_;
  ProjectionTables tables_{kLiveSchema};
  /// Holds the lock; none when this is not the writer.
  std::unique_ptr<Session> session_;
};

}  // namespace podium::tracker
