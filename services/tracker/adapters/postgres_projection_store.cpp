#include "services/tracker/adapters/postgres_projection_store.hpp"

#include <format>

#include "services/tracker/archive.hpp"
#include "services/tracker/projection.hpp"

namespace podium::tracker {
namespace {

// The advisory lock of the one writer: the letters "tracker".
constexpr std::int64_t kWriterLock = 0x747261636b6572;

constexpr std::string_view kTryLock = "SELECT pg_try_advisory_lock($1) AS locked";

constexpr std::string_view kOpenJobs = R"(
  SELECT stage, count(*) AS jobs FROM podium.jobs
  WHERE status IN ('queued', 'running') GROUP BY stage)";

constexpr std::string_view kVersion = "SELECT schema_version FROM podium.projection_view";

}  // namespace

PostgresProjectionStore::PostgresProjectionStore(Database& database) : database_{database} {}

Result<bool> PostgresProjectionStore::acquire() {
  if (!session_) session_ = PODIUM_TRY(database_.session());
  auto rows = session_->run(kTryLock, {kWriterLock});
  if (!rows) {
    release();
    return std::unexpected{std::move(rows.error())};
  }
  return (*rows)->boolean(0, "locked");
}

void PostgresProjectionStore::release() {
  session_.reset();
}

Result<Session*> PostgresProjectionStore::writer() {
  if (!session_) return fail(errors::kConflict, "this tracker is not the writer");
  return session_.get();
}

Result<std::optional<Position>> PostgresProjectionStore::checkpoint() {
  Session* const session = PODIUM_TRY(writer());
  return tables_.checkpoint(*session);
}

Result<Applied> PostgresProjectionStore::apply(const std::optional<Position>& before,
                                               const std::vector<Recorded>& batch) {
  Session* const session = PODIUM_TRY(writer());
  Applied applied;
  const auto written = session->transaction([&](Session& inside) -> Result<void> {
    PODIUM_TRY(tables_.move_checkpoint(inside, before, batch.back().at));
    PODIUM_TRY(add_to_archive(inside, batch));
    RowSet rows = PODIUM_TRY(tables_.apply(inside, batch));
    applied = {.ended = std::move(rows.ended), .anomalies = rows.anomalies.size()};
    return {};
  });
  if (!written) return std::unexpected{written.error()};
  return applied;
}

Result<void> PostgresProjectionStore::pass_over(const std::optional<Position>& before,
                                                const Recorded& message,
                                                const std::string& detail) {
  Session* const session = PODIUM_TRY(writer());
  return session->transaction([&](Session& inside) -> Result<void> {
    PODIUM_TRY(tables_.move_checkpoint(inside, before, message.at));
    PODIUM_TRY(add_to_archive(inside, {message}));
    return tables_.pass_over(inside, message, detail);
  });
}

Result<std::map<std::string, std::int64_t>> PostgresProjectionStore::open_jobs_by_stage() {
  Session* const session = PODIUM_TRY(writer());
  const auto rows = PODIUM_TRY(session->run(kOpenJobs));
  std::map<std::string, std::int64_t> jobs;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    jobs[rows->text(row, "stage")] = rows->integer(row, "jobs");
  }
  return jobs;
}

Result<void> PostgresProjectionStore::check() {
  const auto rows = PODIUM_TRY(database_.run(kVersion));
  const std::int64_t version = rows->integer(0, "schema_version");
  if (version >= kSchemaVersion) return {};
  return fail(errors::kUnavailable, std::format("the database has schema {}, this version needs {}",
                                                version, kSchemaVersion));
}

}  // namespace podium::tracker
