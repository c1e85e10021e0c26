// `podium rebuild`: makes the projection anew from the archive while readers and the tracker go on,
// and lets it take the old one's place. Runs beside a tracker that is at work, or without one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "services/tracker/projection_tables.hpp"

namespace podium::tracker {

struct RebuildReport {
  /// Messages that the archive lacked and the stream still had.
  std::int64_t recovered = 0;
  std::int64_t messages = 0;
  std::int64_t anomalies = 0;
  /// Rows of the projection that were not what the archive says.
  std::int64_t rows_changed = 0;
  double seconds = 0;
};

/// Longest statement of a rebuild: the one that compares the tables with their shadows.
inline constexpr std::chrono::minutes kRebuildStatementMax{10};

/// One rebuild; one thread. Safe to break off and to repeat: until the last step nothing that
/// readers see has changed.
class Rebuild {
 public:
  Rebuild(Database& database, Bus& bus) : database_{database}, bus_{bus} {}

  /// Puts what the archive lacks into it from the stream and folds the whole archive into the
  /// shadow schema. Then, in one transaction that the tracker's next batch waits for and readers do
  /// not, the last messages are folded in and the projection is made equal to its shadow. CONFLICT
  /// while another rebuild runs.
  Result<RebuildReport> run();

 private:
  Result<void> take_place();
  Result<void> fill_archive();
  Result<void> catch_up();
  Result<void> take_over();
  Result<void> fold(const std::vector<Recorded>& batch);
  Result<void> fold_one_by_one(const std::vector<Recorded>& batch);
  Result<void> attempt(const std::function<Result<void>(Session&)>& work);
  Result<void> fold_inside(Session& session, const std::vector<Recorded>& batch);

  Database& database_;
  Bus& bus_;
  const ProjectionTables live_{kLiveSchema};
  const ProjectionTables shadow_{kShadowSchema};
  std::unique_ptr<Session> session_;
  /// What the shadow knows.
  std::optional<Position> known_;
  RebuildReport report_;
};

}  // namespace podium::tracker
