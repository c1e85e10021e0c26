// Unpacks the pages of a Parquet file: Snappy, gzip and Zstandard. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace podium::scraper::tables {

/// The bytes of a page of `size` bytes that `codec` (of parquet.thrift) has packed. BrokenTable
/// when they are not that many, or the codec is none of these.
std::string unpack_page(int codec, std::string_view packed, std::size_t size);

}  // namespace podium::scraper::tables
