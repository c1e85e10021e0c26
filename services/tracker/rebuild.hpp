// `podium rebuild`: makes the projection anew from the archive while readers and the tracker go on,
// and swaps it in. Runs beside a tracker that is at work, or without one.
#pragma once

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
  double seconds = 0;
};

/// One rebuild; one thread. Safe to break off and to repeat: until the swap nothing that readers
/// see has changed.
class Rebuild {
 public:
  Rebuild(Database& database, Bus& bus) : database_{database}, bus_{bus} {}

  /// Puts what the archive lacks into it from the stream, folds the whole archive into the shadow
  /// schema, and swaps: under a lock that the tracker's next batch waits for, the last messages are
  /// folded in and the tables change places, in one transaction. CONFLICT while another rebuild
  /// runs; UNAVAILABLE when readers kept the tables busy at every try.
  Result<RebuildReport> run();

 private:
  Result<void> take_place();
  Result<void> fill_archive();
  Result<void> catch_up();
  Result<void> swap();
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
