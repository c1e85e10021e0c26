// Walks the rows of one column in one group of rows of a Parquet file, a page at a time. Throws
// BrokenTable. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "libs/competition/byte_source.hpp"
#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/parquet_file.hpp"
#include "services/scraper/tables/parquet_values.hpp"

namespace podium::scraper::tables {

class ColumnWalk {
 public:
  /// Borrows all three.
  ColumnWalk(competition::FileSource& source, const ParquetColumn& column, const ColumnPages& pages)
      : source_{source}, column_{column}, pages_{pages} {}

  /// The next row's value; nullopt where it is missing. Valid until the next call.
  std::optional<StoredValue> next();

 private:
  void open_page();
  void open_data(const PageHeader& header, std::string bytes);

  competition::FileSource& source_;
  const ParquetColumn& column_;
  const ColumnPages& pages_;
  std::uint64_t position_ = 0;
  Dictionary dictionary_;
  std::string page_;
  std::uint64_t left_ = 0;
  /// Whether each row has a value; absent when all have.
  std::optional<RunReader> present_;
  std::unique_ptr<ValueReader> values_;
};

}  // namespace podium::scraper::tables
