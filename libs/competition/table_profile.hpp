// Reads a whole table once and says what is in it: rows, delimiter, and each column's profile.
// Constant memory: it depends on the number of columns, not of rows. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/byte_source.hpp"
#include "libs/competition/column_profile.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// A value longer than this is no label.
inline constexpr std::size_t kLabelBytesMax = 500;

struct TableScan {
  /// Columns are named as pandas names them: "Unnamed: 3" for a nameless one, "x.1" for a second x.
  v1::TableProfile profile;
  /// Per column, in order.
  std::vector<std::vector<DateReading>> dates;
  /// Rows with more or fewer fields than the header; missing ones count as missing cells.
  std::uint64_t ragged_rows = 0;
  /// False when a cell or a name was not UTF-8; it was then read as Latin-1.
  bool utf8 = true;

  /// Index of the column of that name.
  std::optional<int> column(std::string_view name) const;
};

struct ScanOptions {
  /// Ends the scan with STOPPED.
  std::stop_token stop;
  /// Called now and then with the rows so far.
  std::function<void(std::uint64_t rows)> on_rows;
};

/// One pass over a table whose first row names its columns. DATA_UNREADABLE or DATA_TOO_LARGE as
/// CsvReader says them, and DATA_UNREADABLE when there is no header; the detail begins with `path`.
Result<TableScan> scan_table(ByteSource& source, std::string_view path,
                             const ScanOptions& options = {});

/// The distinct values of one column in order of first appearance, as written (but in UTF-8);
/// nullopt when there are more than `labels_max`, or one that is too long. Missing cells are left
/// out.
Result<std::optional<std::vector<std::string>>> distinct_values(ByteSource& source, int column,
                                                                std::size_t labels_max);

/// Names the columns of a header as pandas does.
std::vector<std::string> column_names(const std::vector<std::string_view>& header);

}  // namespace podium::competition
