// What the tracker needs from outside besides the bus: a place where rows, archive and checkpoint
// live together.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/tracker/recorded.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// What applying a batch has changed, for the metrics.
struct Applied {
  /// Status of each job that ended.
  std::vector<std::string> ended;
  std::size_t anomalies = 0;
};

/// The projection with its only cursor. One thread at a time, but for check().
class ProjectionStore {
 public:
  virtual ~ProjectionStore() = default;
  /// Tries to become the one writer; false while another one is. True stays true until an error or
  /// release().
  virtual Result<bool> acquire() = 0;
  /// Gives the writer's place up; harmless when it is not held.
  virtual void release() = 0;
  /// The position of the last message that the rows know; nullopt before the first.
  virtual Result<std::optional<Position>> checkpoint() = 0;
  /// Archives the batch, folds it into the rows and moves the checkpoint from `before` to its last
  /// message, all or nothing. Not empty, in order, all after `before`. CONFLICT when the checkpoint
  /// is not at `before`: somebody else has moved it. INVALID when the database refuses a value.
  virtual Result<Applied> apply(const std::optional<Position>& before,
                                const std::vector<Recorded>& batch) = 0;
  /// The same for a message whose rows the database refuses: archives it, keeps it as the anomaly
  /// refused_by_database with `detail`, and passes it.
  virtual Result<void> pass_over(const std::optional<Position>& before, const Recorded& message,
                                 const std::string& detail) = 0;
  /// Jobs that have not ended, by stage. Fails when the writer's place is lost.
  virtual Result<std::map<std::string, std::int64_t>> open_jobs_by_stage() = 0;
  /// Success when the database answers and has the tables that this version writes.
  virtual Result<void> check() = 0;
};

}  // namespace podium::tracker
