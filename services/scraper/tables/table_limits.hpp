// Every limit of turning tables into CSV, each with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace podium::scraper::tables {

/// As many as a CSV table may have; see libs/competition/csv_reader.hpp.
inline constexpr std::size_t kTableColumnsMax = 20'000;
/// Metadata of a Parquet file: some hundred bytes a column in each group of rows.
inline constexpr std::uint64_t kMetadataBytesMax = 256ULL << 20;
/// A page once unpacked; writers make them of 1 MiB or so, with a dictionary of the same.
inline constexpr std::size_t kPageBytesMax = std::size_t{256} << 20;
/// A page's header is some dozen bytes, with statistics of long texts more.
inline constexpr std::size_t kPageHeaderBytes = std::size_t{16} << 10;
inline constexpr std::size_t kPageHeaderBytesMax = std::size_t{8} << 20;
/// Text that waits to be written.
inline constexpr std::size_t kTextBytes = std::size_t{1} << 20;
/// A JSON table that is written column by column is held in memory, at some ten times its size.
inline constexpr std::uint64_t kJsonColumnsBytesMax = 256ULL << 20;
/// Rows are seldom nested deeper than a few levels; writing them takes stack.
inline constexpr int kJsonDepthMax = 64;
/// Names in one warning.
inline constexpr std::size_t kNamedMax = 5;

}  // namespace podium::scraper::tables
