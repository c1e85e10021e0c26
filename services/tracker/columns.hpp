// Which member of a row is which column, said once: the SQL that loads and saves rows is made from
// these tables. Values only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// A value as PostgreSQL writes it, or NULL.
using Cell = std::optional<std::string>;

template <typename Row>
struct Column {
  std::string_view name;
  /// PostgreSQL's type of the values that are sent; the table's may be narrower.
  std::string_view type;
  Cell (*get)(const Row& row);
  /// Takes what get() made, or what PostgreSQL made of it.
  void (*set)(Row& row, const Cell& cell);
};

/// A table of the projection. Every column of the table is there.
template <typename Row>
struct TableShape {
  std::string_view name;
  std::span<const Column<Row>> columns;
  /// How many columns, from the first, are the key.
  std::size_t key_columns;
  /// The columns that hold the position of the newest event in a row.
  std::string_view last_stream;
  std::string_view last_sequence;
};

extern const TableShape<JobRow> kJobs;
extern const TableShape<CandidateRow> kCandidates;
extern const TableShape<RunRow> kRuns;
extern const TableShape<ArtifactRow> kArtifacts;
extern const TableShape<AnomalyRow> kAnomalies;

}  // namespace podium::tracker
