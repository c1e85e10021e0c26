// What the end of a Parquet file says of the rest: its columns and where their pages lie
// (https://github.com/apache/parquet-format, parquet.thrift). Reads the metadata only. Throws
// BrokenTable. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/competition/byte_source.hpp"
#include "services/scraper/tables/thrift_reader.hpp"

namespace podium::scraper::tables {

/// How a value is stored; numbered as in parquet.thrift.
enum class Physical : std::uint8_t {
  boolean = 0,
  int32 = 1,
  int64 = 2,
  int96 = 3,
  real32 = 4,
  real64 = 5,
  bytes = 6,
  fixed_bytes = 7,
};

/// What a stored value means.
enum class Meaning : std::uint8_t {
  plain,
  text,
  whole_unsigned,
  decimal,
  date,
  time,
  timestamp,
  uuid,
  half,
};

struct ParquetColumn {
  std::string name;
  Physical physical = Physical::boolean;
  /// Bytes of a value of Physical::fixed_bytes.
  std::size_t length = 0;
  Meaning meaning = Meaning::plain;
  /// Digits after the point of a decimal.
  int scale = 0;
  /// Parts of a second that a time or timestamp counts in: 1,000 to 1,000,000,000.
  std::int64_t per_second = 1;
  bool optional = false;
  /// One value a row; others are parts of lists or structures.
  bool flat = true;
};

/// The pages of one column in one group of rows.
struct ColumnPages {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
  /// Codec of parquet.thrift.
  int codec = 0;
};

struct RowGroup {
  std::uint64_t rows = 0;
  /// In the order of the columns.
  std::vector<ColumnPages> columns;
};

struct ParquetFile {
  /// The leaves of the schema.
  std::vector<ParquetColumn> columns;
  std::vector<RowGroup> groups;
};

ParquetFile read_parquet_file(competition::FileSource& source);

struct PageHeader {
  enum class Kind : std::uint8_t { data = 0, index = 1, dictionary = 2, data_v2 = 3 };
  Kind kind = Kind::data;
  std::size_t bytes = 0;
  std::size_t packed_bytes = 0;
  std::uint64_t values = 0;
  int encoding = 0;
  /// Of the levels before the values: in data_v2 only, where they are never packed.
  std::size_t level_bytes = 0;
  bool packed = true;
  int level_encoding = 0;
};

/// Reads a page's header from the beginning of `bytes`; sets how long it was.
PageHeader read_page_header(std::string_view bytes, std::size_t& header_bytes);

/// Reads `size` bytes from `begin` on. BrokenTable when there are fewer.
std::string read_at(competition::FileSource& source, std::uint64_t begin, std::uint64_t size);

}  // namespace podium::scraper::tables
