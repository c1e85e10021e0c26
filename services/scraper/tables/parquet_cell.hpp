// A value of a Parquet column as the cell of a CSV table, spelled as pandas would spell it. Throws
// BrokenTable. One thread at a time.
#pragma once

#include <string>

#include "services/scraper/tables/parquet_file.hpp"
#include "services/scraper/tables/parquet_values.hpp"

namespace podium::scraper::tables {

/// How much of the times of one column is written: the same in every row, so that all read alike.
enum class TimeDetail : std::uint8_t { day, second, microsecond, nanosecond };

/// The least detail that loses nothing of this timestamp.
TimeDetail detail_of(const ParquetColumn& column, const StoredValue& value);

/// Puts the cell's text into `cell`; false for bytes that are no text, of which nothing is put.
bool write_cell(const ParquetColumn& column, const StoredValue& value, TimeDetail detail,
                std::string& cell);

}  // namespace podium::scraper::tables
