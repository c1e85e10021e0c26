// Which of a competition's tables is the sample submission, which holds the labelled rows, which
// the rows to predict. Names vary (training_set.csv, evaluation_set.csv, gender_submission.csv), so
// columns and row counts are asked as well. Pure; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/table_profile.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// Distinct values of a column of a table (both by index); nullopt when there are too many.
using ValuesOf =
    std::function<Result<std::optional<std::vector<std::string>>>(int table, int column)>;

/// The sample submission: the told file if it is there, else the best name (of several of that name
/// the one that some table's rows fit, then the one with the most rows), else the only table that
/// can be one by its columns: as many rows and the same first column as a table to predict,
/// and further columns that the latter lacks and the labelled rows have, with hardly a value in
/// them. nullopt when there is none.
std::optional<int> find_sample_table(std::span<const TableScan> tables, std::string_view told);
/// True when nothing but its columns says that this is the sample submission.
bool is_sample_by_columns_only(const TableScan& sample, std::string_view told);

/// Those that are called sample submissions as much as the chosen one is; none when that was told.
std::vector<int> other_samples(std::span<const TableScan> tables, int sample,
                               std::string_view told);

/// The sample submission of a competition that has none.
struct MissingSample {
  /// The table whose rows are to be predicted.
  int test = -1;
  /// Its column that names the rows.
  int id_column = -1;
  std::vector<std::string> targets;
};

/// What the sample would be: the ids of the one table that is called test, and what was told to be
/// predicted, or the one column that the training table has more. nullopt when that is not clear.
std::optional<MissingSample> propose_sample(std::span<const TableScan> tables,
                                            const ToldFacts& told);

/// The rows to predict: a table with the sample's ids, or as many rows, or a telling name, and
/// without the target columns. nullopt when only the sample lists the ids.
std::optional<int> find_test_table(std::span<const TableScan> tables, int sample,
                                   const v1::SubmissionSchema& schema);

struct TrainTable {
  int table = -1;
  /// Columns that hold the truth.
  std::vector<std::string> target_columns;
  /// The sample's columns are the values of the one target column.
  bool columns_are_classes = false;
};

/// The labelled rows: a table that has the sample's target columns; or a column whose values the
/// sample's columns are named after; or, when the sample names its columns otherwise, as many
/// columns as the sample predicts that the test table lacks. nullopt when there is none of these.
Result<std::optional<TrainTable>> find_train_table(std::span<const TableScan> tables, int sample,
                                                   std::optional<int> test,
                                                   const v1::SubmissionSchema& schema,
                                                   const ValuesOf& values_of);

}  // namespace podium::competition
