// The values of one page of a column, one after the other, out of each of Parquet's encodings
// (https://github.com/apache/parquet-format/blob/master/Encodings.md). Throws BrokenTable. One
// thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/scraper/tables/parquet_file.hpp"

namespace podium::scraper::tables {

/// What is stored; which of the members counts is the column's physical type.
struct StoredValue {
  std::int64_t integer = 0;
  double real = 0;
  /// Valid as long as its page or dictionary.
  std::string_view bytes = {};
};

/// The distinct values that pages refer to by number, in the page that they came in.
struct Dictionary {
  std::string page;
  std::uint64_t count = 0;
  /// Where each begins, when each has its own length.
  std::vector<std::uint32_t> begins;
};

class ValueReader {
 public:
  virtual ~ValueReader() = default;
  virtual StoredValue next() = 0;
};

/// Borrows all that it is given; reads at most `count` values of `bytes` in `encoding` (of
/// parquet.thrift).
std::unique_ptr<ValueReader> read_values(const ParquetColumn& column, int encoding,
                                         std::string_view bytes, std::uint64_t count,
                                         const Dictionary& dictionary);

/// Fills a dictionary from its page of `count` values.
void read_dictionary(const ParquetColumn& column, std::string page, std::uint64_t count,
                     Dictionary& dictionary);

}  // namespace podium::scraper::tables
