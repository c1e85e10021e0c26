// A streaming reader of delimiter-separated text (RFC 4180) in constant memory: quotes, line ends
// inside quotes, CR LF, LF or CR, a byte-order mark, and the delimiter found out by itself. Blank
// lines are passed over. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/byte_source.hpp"

namespace podium::competition {

/// What one row may cost; beyond it the table is refused with DATA_TOO_LARGE.
struct CsvLimits {
  /// Long texts and JSON in a cell are common, a whole file lost behind a stray quote is too.
  std::size_t field_bytes_max = std::size_t{8} * 1024 * 1024;
  std::size_t row_bytes_max = std::size_t{32} * 1024 * 1024;
  std::size_t columns_max = 20'000;
};

struct CsvDialect {
  /// 0: found out from the first rows, among , ; tab and |.
  char delimiter = 0;
  /// Refuse text between a closing quote and the next delimiter, as Python's csv does with
  /// strict=True; otherwise it is taken as part of the field, as pandas does.
  bool strict = false;
};

class CsvReader {
 public:
  /// `source` must outlive the reader.
  explicit CsvReader(ByteSource& source, CsvDialect dialect = {}, CsvLimits limits = {});

  /// Reads the next row; false at the end. DATA_UNREADABLE (with the row's number) when a quote is
  /// never closed, a NUL byte stands in the text, or the text is UTF-16; DATA_TOO_LARGE beyond a
  /// limit. After an error the reader is spent.
  Result<bool> next();

  /// Goes on with the row that begins at byte `position` of the source (a row_begin()), to which
  /// the caller has moved the source; row numbers go on counting.
  void go_on_at(std::uint64_t position);

  /// The fields of the last row; valid until the next call of next().
  const std::vector<std::string_view>& row() const { return fields_; }
  /// 1 for the first row (the header).
  std::uint64_t row_number() const { return row_number_; }
  /// Where the last row begins in the source.
  std::uint64_t row_begin() const { return row_begin_; }
  /// Known after the first call of next().
  char delimiter() const { return dialect_.delimiter; }

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted };

  Result<void> start();
  Result<bool> fill(std::size_t bytes);
  Result<bool> read_row();
  Result<bool> take_run();
  Result<bool> take(char c);
  Result<void> end_field();
  Result<void> append(std::string_view bytes);
  std::unexpected<Error> broken(std::string_view what) const;

  ByteSource& source_;
  CsvDialect dialect_;
  CsvLimits limits_;
  std::string buffer_;
  std::size_t buffer_position_ = 0;
  bool started_ = false;
  bool source_ended_ = false;
  bool after_carriage_return_ = false;
  bool jumped_ = false;
  State state_ = State::field_start;
  std::string cells_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> fields_;
  std::uint64_t row_number_ = 0;
  std::uint64_t row_begin_ = 0;
  std::uint64_t position_ = 0;
};

/// The delimiter that parts the first rows of `text` most evenly; a comma when none does. `text`
/// may end in the middle of a row.
char sniff_delimiter(std::string_view text);

}  // namespace podium::competition
