#include "services/tracker/projection_tables.hpp"

#include <format>

#include "services/tracker/columns.hpp"

namespace podium::tracker {
namespace {

using TextArray = std::vector<std::optional<std::string>>;

// "a, b" of the columns from..to, each made by `form`.
template <typename Row, typename Form>
std::string list(std::span<const Column<Row>> columns, Form form) {
  std::string text;
  for (const Column<Row>& column : columns) {
    if (!text.empty()) text += ", ";
    text += form(column);
  }
  return text;
}

template <typename Row>
std::string load_statement(std::string_view schema, const TableShape<Row>& shape) {
  const auto name = [](const auto& column) { return std::string{column.name}; };
  int parameter = 0;
  const auto array = [&](const auto& column) {
    return std::format("${}::{}[]", ++parameter, column.type);
  };
  const auto keys = shape.columns.first(shape.key_columns);
  return std::format("SELECT {} FROM {}.{} WHERE ({}) IN (SELECT * FROM unnest({}))",
                     list(shape.columns, name), schema, shape.name, list(keys, name),
                     list(keys, array));
}

template <typename Row>
std::string save_statement(std::string_view schema, const TableShape<Row>& shape) {
  const auto name = [](const auto& column) { return std::string{column.name}; };
  const auto excluded = [](const auto& column) {
    return std::format("{0} = excluded.{0}", column.name);
  };
  int parameter = 0;
  const auto array = [&](const auto& column) {
    return std::format("${}::{}[]", ++parameter, column.type);
  };
  return std::format(
      "INSERT INTO {0}.{1} AS present ({2}) SELECT * FROM unnest({3}) ON CONFLICT ({4}) DO UPDATE "
      "SET {5} WHERE (present.{6}, present.{7}) < (excluded.{6}, excluded.{7})",
      schema, shape.name, list(shape.columns, name), list(shape.columns, array),
      list(shape.columns.first(shape.key_columns), name), list(shape.columns, excluded),
      shape.last_stream, shape.last_sequence);
}

template <typename Row>
Row read_row(const Rows& rows, std::size_t index, const TableShape<Row>& shape) {
  Row row;
  for (const Column<Row>& column : shape.columns) {
    const bool null = rows.is_null(index, column.name);
    column.set(row, null ? Cell{} : Cell{rows.text(index, column.name)});
  }
  return row;
}

template <typename Row>
Result<void> save_rows(Session& session, const std::string& statement, const TableShape<Row>& shape,
                       const std::vector<const Row*>& rows) {
  if (rows.empty()) return {};
  std::vector<SqlValue> parameters;
  TextArray cells(rows.size());
  for (const Column<Row>& column : shape.columns) {
    for (std::size_t index = 0; index < rows.size(); ++index) {
      cells[index] = column.get(*rows[index]);
    }
    parameters.push_back(SqlValue::array(cells));
  }
  PODIUM_TRY(session.run(statement, parameters));
  return {};
}

SqlValue array_of(const std::vector<std::string>& texts) {
  return SqlValue::array(TextArray{texts.begin(), texts.end()});
}

std::vector<SqlValue> arrays_of(const std::vector<PartKey>& keys) {
  TextArray jobs;
  TextArray parts;
  for (const auto& [job, part] : keys) {
    jobs.emplace_back(job);
    parts.emplace_back(part);
  }
  return {SqlValue::array(jobs), SqlValue::array(parts)};
}

// Loads the rows of a table whose key is job and part.
template <typename Row>
Result<void> load_parts(Session& session, const std::string& statement,
                        const TableShape<Row>& shape, const std::vector<PartKey>& keys,
                        RowTable<PartKey, Row>& table) {
  if (keys.empty()) return {};
  const auto found = PODIUM_TRY(session.run(statement, arrays_of(keys)));
  for (std::size_t index = 0; index < found->size(); ++index) {
    Row row = read_row(*found, index, shape);
    PartKey key{row.job_id, row.id};
    table.load(std::move(key), std::move(row));
  }
  return {};
}

std::vector<const AnomalyRow*> pointers_to(const std::vector<AnomalyRow>& rows) {
  std::vector<const AnomalyRow*> pointers;
  for (const AnomalyRow& row : rows) pointers.push_back(&row);
  return pointers;
}

}  // namespace

ProjectionTables::ProjectionTables(std::string_view schema)
    : checkpoint_{std::format("SELECT stream_created, sequence FROM {}.checkpoint", schema)},
      first_checkpoint_{
          std::format("INSERT INTO {}.checkpoint (only_row, stream_created, sequence) "
                      "VALUES (true, $1, $2) ON CONFLICT DO NOTHING",
                      schema)},
      next_checkpoint_{std::format("UPDATE {}.checkpoint SET stream_created = $1, sequence = $2 "
                                   "WHERE stream_created = $3 AND sequence = $4",
                                   schema)},
      jobs_{load_statement(schema, kJobs), save_statement(schema, kJobs)},
      candidates_{load_statement(schema, kCandidates), save_statement(schema, kCandidates)},
      runs_{load_statement(schema, kRuns), save_statement(schema, kRuns)},
      artifacts_{load_statement(schema, kArtifacts), save_statement(schema, kArtifacts)},
      anomalies_{load_statement(schema, kAnomalies), save_statement(schema, kAnomalies)} {}

Result<std::optional<Position>> ProjectionTables::checkpoint(Session& session) const {
  const auto rows = PODIUM_TRY(session.run(checkpoint_));
  if (rows->size() == 0) return std::nullopt;
  const auto created = parse_moment(rows->text(0, "stream_created"));
  if (!created) return fail(errors::kInternal, "the checkpoint's stream_created cannot be read");
  return Position{.stream_created = *created, .sequence = rows->integer(0, "sequence")};
}

Result<void> ProjectionTables::move_checkpoint(Session& session,
                                               const std::optional<Position>& before,
                                               Position after) const {
  std::vector<SqlValue> values{to_sql(after.stream_created), after.sequence};
  if (before) {
    values.emplace_back(to_sql(before->stream_created));
    values.emplace_back(before->sequence);
  }
  const auto moved = PODIUM_TRY(session.run(before ? next_checkpoint_ : first_checkpoint_, values));
  if (moved->affected() == 1) return {};
  return fail(errors::kConflict, "another tracker has moved the checkpoint");
}

Result<RowSet> ProjectionTables::apply(Session& session, const std::vector<Recorded>& batch) const {
  RowSet rows = PODIUM_TRY(load(session, keys_of(batch)));
  rows.now = std::chrono::floor<Moment::duration>(std::chrono::system_clock::now());
  for (const Recorded& message : batch) project(message, rows);
  PODIUM_TRY(save(session, rows));
  return rows;
}

Result<void> ProjectionTables::pass_over(Session& session, const Recorded& message,
                                         const std::string& detail) const {
  RowSet rows;
  rows.anomalies.push_back(anomaly_of(message, "refused_by_database", storable(detail)));
  return save(session, rows);
}

Result<RowSet> ProjectionTables::load(Session& session, const RowKeys& keys) const {
  RowSet rows;
  if (keys.jobs.empty()) return rows;
  const auto jobs = PODIUM_TRY(session.run(jobs_.load, {array_of(keys.jobs)}));
  for (std::size_t index = 0; index < jobs->size(); ++index) {
    JobRow row = read_row(*jobs, index, kJobs);
    std::string key = row.id;
    rows.jobs.load(std::move(key), std::move(row));
  }
  PODIUM_TRY(load_parts(session, candidates_.load, kCandidates, keys.candidates, rows.candidates));
  PODIUM_TRY(load_parts(session, runs_.load, kRuns, keys.runs, rows.runs));
  return rows;
}

Result<void> ProjectionTables::save(Session& session, const RowSet& rows) const {
  PODIUM_TRY(save_rows(session, jobs_.save, kJobs, rows.jobs.changed()));
  PODIUM_TRY(save_rows(session, candidates_.save, kCandidates, rows.candidates.changed()));
  PODIUM_TRY(save_rows(session, runs_.save, kRuns, rows.runs.changed()));
  PODIUM_TRY(save_rows(session, artifacts_.save, kArtifacts, rows.artifacts.changed()));
  return save_rows(session, anomalies_.save, kAnomalies, pointers_to(rows.anomalies));
}

}  // namespace podium::tracker
