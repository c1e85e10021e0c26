// Every limit of turning tables into CSV, each with its reason. Constants; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace podium::scraper::tables {

/// As many as a CSV table may have; see libs/competition/csv_reader.hpp.
inline constexpr std::size_t kTableColumnsMax = 20'000;
/// Metadata of a Parquet file: some hundred bytes a column in each group of rows.
inline constexpr std::uint64_t kMetadataBytesMax = 256ULL << 20;
/// How deep its structures may be nested: Parquet nests them seven deep.
inline constexpr int kMetadataDepthMax = 32;
/// A page once unpacked; writers make them of 1 MiB or so, with a dictionary of the same.
inline constexpr std::size_t kPageBytesMax = std::size_t{256} << 20;
/// A page's header is some dozen bytes, with statistics of long texts more.
inline constexpr std::size_t kPageHeaderBytes = std::size_t{16} << 10;
inline constexpr std::size_t kPageHeaderBytesMax = std::size_t{8} << 20;
/// Numbers of a page that are decoded at once, eight bytes each: a block of equal ones takes two
/// bytes, so that a page of a few bytes may tell of any number. Writers put some 100,000 in one.
inline constexpr std::uint64_t kDecodedValuesMax = 32ULL << 20;
/// Rows of a group and values of a page: Parquet counts the latter in 32 bits.
inline constexpr std::uint64_t kGroupRowsMax = 0x7FFF'FFFF;
/// The first line of a part of a table: names of columns, some dozen bytes each.
inline constexpr std::size_t kTableHeaderBytesMax = std::size_t{1} << 20;
/// Digits of a part's number, so that it is one of 64 bits; more are no number of a part.
inline constexpr std::size_t kPartDigitsMax = 18;
/// Why a file was not read, in a warning that names more than that.
inline constexpr std::size_t kReasonBytesMax = 200;
/// Text that waits to be written.
inline constexpr std::size_t kTextBytes = std::size_t{1} << 20;
/// A row of a JSON table that has one a line; a file whose first line is longer is taken for one
/// object.
inline constexpr std::size_t kJsonLineBytesMax = std::size_t{16} << 20;
/// A JSON table that is written column by column is held in memory, at up to three times its size.
inline constexpr std::uint64_t kJsonColumnsBytesMax = 256ULL << 20;
/// Rows are seldom nested deeper than a few levels.
inline constexpr int kJsonDepthMax = 64;
/// Names in one warning.
inline constexpr std::size_t kNamedMax = 5;

}  // namespace podium::scraper::tables
