// A competition as the solution writer sees it: the facts, checked and decided. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "services/codegen/generator/metric_rule.hpp"

namespace podium::codegen {

/// Points into the facts that it was made from, which must outlive it.
struct Problem {
  const v1::CompetitionFacts* facts = nullptr;
  const v1::TableProfile* train = nullptr;
  /// The sample submission where no other table names the rows; nullptr for pictures and sounds.
  const v1::TableProfile* test = nullptr;
  Form form = Form::number;
  const MetricRule* metric = nullptr;
  /// The metric of the facts is unknown or does not go with the target; `metric` stands in.
  bool metric_stands_in = false;
  /// Columns of the training table, in the submission's order where that names them.
  std::vector<std::string> targets;
  /// The column of the test table that names its rows; empty when rows are matched by order.
  std::string id;
  /// Rows are pictures or sounds; false where tables tell of rows that have recordings beside them,
  /// or pictures that are not read.
  bool images = false;
  bool sounds = false;
  /// Of so many training rows one is read, where all would not fit into memory.
  std::uint64_t every = 1;
  /// Test rows lie after the training rows on the facts' time column.
  bool forward = false;
  bool targets_below_zero = false;
  /// The single target holds whole numbers.
  bool whole_labels = false;
};

/// DRAFT_FAILED when the facts name no training table, target, test rows or sample submission.
Result<Problem> problem_of(const v1::CompetitionFacts& facts);

/// The table of that path; nullptr when there is none.
const v1::TableProfile* find_table(const v1::CompetitionFacts& facts, std::string_view path);

/// The column of that name; nullptr when there is none.
const v1::ColumnProfile* find_column(const v1::TableProfile& table, std::string_view name);

}  // namespace podium::codegen
