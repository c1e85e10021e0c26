#include "libs/competition/table_profile.hpp"

#include <algorithm>
#include <format>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "libs/competition/cell.hpp"
#include "libs/competition/csv_reader.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// Memory for counting distinct values exactly, shared by the columns of a table, 16 bytes a value;
/// each column gets between the least and the most.
constexpr std::size_t kExactValuesOfTable = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kExactValuesMin = 256;
constexpr std::size_t kExactValuesMax = 10'000;
/// How often a scan looks at its stop token and tells its progress.
constexpr std::uint64_t kRowsBetweenLooks = 4096;

Error at_path(std::string_view path, Error error) {
  error.detail = std::format("{}: {}", path, error.detail);
  return error;
}

Result<void> scan_rows(CsvReader& reader, std::vector<ColumnProfiler>& columns, TableScan& scan,
                       const ScanOptions& options) {
  std::uint64_t rows = 0;
  while (PODIUM_TRY(reader.next())) {
    const auto& row = reader.row();
    if (row.size() != columns.size()) ++scan.ragged_rows;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view cell = i < row.size() ? row[i] : std::string_view{};
      columns[i].add(cell);
      if (scan.utf8 && !is_utf8(cell)) scan.utf8 = false;
    }
    if (++rows % kRowsBetweenLooks != 0) continue;
    if (options.stop.stop_requested()) return fail(errors::kStopped, "the scan was stopped");
    if (options.on_rows) options.on_rows(rows);
  }
  scan.profile.set_rows(rows);
  return {};
}

Result<TableScan> scan_source(ByteSource& source, const ScanOptions& options) {
  CsvReader reader{source};
  if (!PODIUM_TRY(reader.next())) return fail(reasons::kDataUnreadable, "the table is empty");
  TableScan scan;
  scan.profile.set_delimiter(std::string{reader.delimiter()});
  scan.utf8 = std::ranges::all_of(reader.row(), is_utf8);
  const auto names = column_names(reader.row());
  const std::size_t exact_max =
      std::clamp(kExactValuesOfTable / names.size(), kExactValuesMin, kExactValuesMax);
  DistinctBudget budget;
  std::vector<ColumnProfiler> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) columns.emplace_back(name, exact_max, budget);
  PODIUM_TRY(scan_rows(reader, columns, scan, options));
  for (const ColumnProfiler& column : columns) {
    ColumnScan done = column.finish();
    *scan.profile.add_columns() = std::move(done.profile);
    scan.dates.push_back(std::move(done.dates));
  }
  return scan;
}

}  // namespace

std::optional<int> TableScan::column(std::string_view name) const {
  for (int i = 0; i < profile.columns_size(); ++i) {
    if (profile.columns(i).name() == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> column_names(const std::vector<std::string_view>& header) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.size(); ++i) {
    names.push_back(clean_text(header[i], kColumnNameBytesMax));
    if (names.back().empty()) names.back() = std::format("Unnamed: {}", i);
  }
  // A second "x" becomes "x.1", or "x.2" where the header has an "x.1" of its own.
  std::unordered_set<std::string> taken{names.begin(), names.end()};
  std::unordered_map<std::string, int> seen;
  for (std::string& name : names) {
    const std::string first = name;
    if (seen[first]++ == 0) continue;
    for (int n = seen[first] - 1; !taken.insert(name).second; ++n) {
      name = std::format("{}.{}", first, n);
    }
  }
  return names;
}

Result<TableScan> scan_table(ByteSource& source, std::string_view path,
                             const ScanOptions& options) {
  auto scan = scan_source(source, options);
  if (!scan) return std::unexpected{at_path(path, std::move(scan).error())};
  scan->profile.set_path(std::string{path});
  return scan;
}

Result<std::optional<std::vector<std::string>>> distinct_values(ByteSource& source, int column,
                                                                std::size_t labels_max) {
  CsvReader reader{source};
  PODIUM_TRY(reader.next());
  const auto index = static_cast<std::size_t>(column);
  std::vector<std::string> values;
  std::set<std::string, std::less<>> seen;
  while (PODIUM_TRY(reader.next())) {
    if (index >= reader.row().size()) continue;
    const std::string_view cell = reader.row()[index];
    if (is_missing(cell) || seen.contains(cell)) continue;
    const bool too_much = values.size() == labels_max || cell.size() > kLabelBytesMax;
    if (too_much) return std::optional<std::vector<std::string>>{};
    values.push_back(from_latin1_or_utf8(cell));
    seen.emplace(cell);
  }
  return std::optional{std::move(values)};
}

}  // namespace podium::competition
