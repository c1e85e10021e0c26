#include "services/scraper/tables/parquet_column.hpp"

#include <algorithm>

#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/page_packing.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

constexpr int kRunsOfLevels = 3;

// A header says nowhere how long it is.
PageHeader header_at(competition::FileSource& source, std::uint64_t begin, std::uint64_t left,
                     std::size_t& header_bytes) {
  const auto first = std::min<std::uint64_t>(left, kPageHeaderBytes);
  try {
    return read_page_header(read_at(source, begin, first), header_bytes);
  } catch (const BrokenTable&) {
    if (first == left) throw;
  }
  const auto most = std::min<std::uint64_t>(left, kPageHeaderBytesMax);
  return read_page_header(read_at(source, begin, most), header_bytes);
}

std::uint64_t length_at(std::string_view bytes) {
  if (bytes.size() < 4) throw BrokenTable{"the levels of a page are cut off"};
  return lowest_first(bytes.substr(0, 4));
}

}  // namespace

std::optional<StoredValue> ColumnWalk::next() {
  while (left_ == 0) open_page();
  --left_;
  if (present_ && present_->next() == 0) return std::nullopt;
  return values_->next();
}

void ColumnWalk::open_page() {
  if (position_ >= pages_.bytes) throw BrokenTable{"the column " + column_.name + " ends early"};
  std::size_t header_bytes = 0;
  const auto header =
      header_at(source_, pages_.begin + position_, pages_.bytes - position_, header_bytes);
  position_ += header_bytes;
  if (header.bytes > kPageBytesMax || header.packed_bytes > pages_.bytes - position_) {
    throw BrokenTable{"a page of the column " + column_.name + " is too large"};
  }
  const bool wanted = header.kind != PageHeader::Kind::index;
  std::string packed =
      wanted ? read_at(source_, pages_.begin + position_, header.packed_bytes) : std::string{};
  position_ += header.packed_bytes;
  if (!wanted) return;
  if (header.kind != PageHeader::Kind::data_v2) {
    std::string bytes = unpack_page(pages_.codec, packed, header.bytes);
    if (header.kind == PageHeader::Kind::data) {
      open_data(header, std::move(bytes));
    } else {
      read_dictionary(column_, std::move(bytes), header.values, dictionary_);
    }
    return;
  }
  if (header.level_bytes > packed.size() || header.level_bytes > header.bytes) {
    throw BrokenTable{"the levels of a page are cut off"};
  }
  const std::string_view levels = std::string_view{packed}.substr(0, header.level_bytes);
  std::string bytes{levels};
  bytes += unpack_page(header.packed ? pages_.codec : 0,
                       std::string_view{packed}.substr(header.level_bytes),
                       header.bytes - header.level_bytes);
  open_data(header, std::move(bytes));
}

void ColumnWalk::open_data(const PageHeader& header, std::string bytes) {
  page_ = std::move(bytes);
  std::string_view rest{page_};
  std::size_t level_bytes = header.level_bytes;
  if (header.kind == PageHeader::Kind::data && column_.optional) {
    if (header.level_encoding != kRunsOfLevels)
      throw BrokenTable{"the levels of a page are of an old form"};
    level_bytes = length_at(rest);
    rest.remove_prefix(4);
  }
  if (level_bytes > rest.size()) throw BrokenTable{"the levels of a page are cut off"};
  present_.reset();
  if (column_.optional) present_.emplace(rest.substr(0, level_bytes), 1);
  rest.remove_prefix(level_bytes);
  left_ = header.values;
  values_ = read_values(column_, header.encoding, rest, header.values, dictionary_);
}

}  // namespace podium::scraper::tables
