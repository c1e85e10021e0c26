// The projection's tables in one schema: podium, or podium_shadow while it is built anew.
// Stateless; every call works on the session that it is given, inside the caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/postgres/postgres.hpp"
#include "services/tracker/projection.hpp"
#include "services/tracker/recorded.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

inline constexpr std::string_view kLiveSchema = "podium";
inline constexpr std::string_view kShadowSchema = "podium_shadow";

class ProjectionTables {
 public:
  /// `schema` is one of the two above.
  explicit ProjectionTables(std::string_view schema);

  /// The last position that the rows know; nullopt before the first.
  Result<std::optional<Position>> checkpoint(Session& session) const;
  /// Moves it; CONFLICT when it is not at `before`. Call it first in a transaction: it waits for
  /// whoever holds the tables, and what follows sees what they left.
  Result<void> move_checkpoint(Session& session, const std::optional<Position>& before,
                               Position after) const;
  /// Loads what the batch touches, folds it in and saves what has changed. Returns the rows.
  Result<RowSet> apply(Session& session, const std::vector<Recorded>& batch) const;
  /// Keeps a message that the database refused as an anomaly and as nothing else.
  Result<void> pass_over(Session& session, const Recorded& message,
                         const std::string& detail) const;

 private:
  struct Statements {
    std::string load;
    std::string save;
  };

  Result<RowSet> load(Session& session, const RowKeys& keys) const;
  /// Saves the changed rows; one that the database has in a newer state stays as it is.
  Result<void> save(Session& session, const RowSet& rows) const;

  std::string checkpoint_;
  std::string first_checkpoint_;
  std::string next_checkpoint_;
  Statements jobs_;
  Statements candidates_;
  Statements runs_;
  Statements artifacts_;
  Statements anomalies_;
};

}  // namespace podium::tracker
