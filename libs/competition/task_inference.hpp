// Puts together what a solver must know: which table and column plays which part, where pictures
// lie, whether the test rows come later in time. Pure but for the two questions it asks of the data
// folder; thread-safe.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/table_profile.hpp"
#include "libs/competition/table_roles.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

struct DataQuestions {
  ValuesOf values_of;
  /// Whether the data folder has a file of this path.
  std::function<bool(const std::string& path)> has_file;
};

/// Fills submission, task, inferred and warnings of `facts`, whose metric, tables and folders are
/// set already; `tables` are the scans behind facts.tables. What cannot be found out stays empty
/// and is told as a warning; only a missing sample submission is an error:
/// SUBMISSION_SCHEMA_UNKNOWN.
Result<void> infer_task(v1::CompetitionFacts& facts, std::span<const TableScan> tables,
                        const ToldFacts& told, const DataQuestions& questions);

/// Columns of the same name, or of the same table, agree on day first or month first: where a
/// column alone leaves it open, one that does not decides. Sets date formats anew.
void agree_on_dates(std::span<TableScan> tables);

}  // namespace podium::competition
