#include "services/scraper/tables/bit_reader.hpp"

#include <algorithm>

#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

constexpr unsigned kBitsMax = 64;
/// Pages number at most 2^31 values.
constexpr unsigned kIndexBitsMax = 32;
/// Differences come in blocks of 128 or so.
constexpr std::uint64_t kBlockMax = 65'536;

[[noreturn]] void ends_early() {
  throw BrokenTable{"the values of a page end early"};
}

}  // namespace

std::uint64_t BitReader::read(unsigned bits) {
  if (bits > kBitsMax) throw BrokenTable{"a page holds numbers of more than 64 bits"};
  if (bits > bytes_.size() * 8 - std::min(position_, bytes_.size() * 8)) ends_early();
  std::uint64_t value = 0;
  for (unsigned got = 0; got < bits;) {
    const auto byte = static_cast<unsigned char>(bytes_[position_ / 8]);
    const auto offset = static_cast<unsigned>(position_ % 8);
    const unsigned take = std::min(8 - offset, bits - got);
    const std::uint64_t piece = (static_cast<std::uint64_t>(byte) >> offset) & ((1U << take) - 1U);
    value |= piece << got;
    got += take;
    position_ += take;
  }
  return value;
}

std::uint64_t BitReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kBitsMax; shift += 7) {
    const std::uint64_t byte = read(8);
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw BrokenTable{"a number in a page has no end"};
}

void BitReader::skip_bytes(std::size_t bytes) {
  if (bytes > rest().size()) ends_early();
  position_ += bytes * 8;
}

RunReader::RunReader(std::string_view bytes, unsigned bits) : reader_{bytes}, bits_{bits} {
  if (bits > kIndexBitsMax) throw BrokenTable{"a page holds indexes of more than 32 bits"};
}

void RunReader::begin_run() {
  reader_.align();
  const std::uint64_t header = reader_.read_varint();
  packed_ = (header & 1U) != 0;
  left_ = packed_ ? (header >> 1U) * 8 : header >> 1U;
  if (!packed_) repeated_ = reader_.read((bits_ + 7) / 8 * 8);
}

std::uint64_t RunReader::next() {
  while (left_ == 0) begin_run();
  --left_;
  return packed_ ? reader_.read(bits_) : repeated_;
}

std::vector<std::int64_t> read_deltas(std::string_view bytes, std::uint64_t values_max,
                                      std::string_view& rest) {
  BitReader reader{bytes};
  const std::uint64_t block = reader.read_varint();
  const std::uint64_t parts = reader.read_varint();
  const std::uint64_t count = reader.read_varint();
  auto value = static_cast<std::uint64_t>(reader.read_zigzag());
  const bool sound = block > 0 && block <= kBlockMax && parts > 0 && parts <= block / 8 &&
                     block % (parts * 8) == 0 && count <= values_max && count <= kDecodedValuesMax;
  if (!sound) throw BrokenTable{"a page of differences is not what its header says"};
  const std::uint64_t of_part = block / parts;
  std::vector<std::int64_t> values;
  if (count > 0) values.push_back(static_cast<std::int64_t>(value));
  while (values.size() < count) {
    const auto least = static_cast<std::uint64_t>(reader.read_zigzag());
    const std::string_view widths = reader.rest().substr(0, parts);
    reader.skip_bytes(parts);
    for (const char width : widths) {
      // Parts behind the last number are left out; the last part is filled up.
      if (values.size() == count) break;
      const auto bits = static_cast<unsigned char>(width);
      for (std::uint64_t i = 0; i < of_part; ++i) {
        // Sums run over, as they were made.
        value += least + reader.read(bits);
        if (values.size() < count) values.push_back(static_cast<std::int64_t>(value));
      }
    }
  }
  reader.align();
  rest = reader.rest();
  return values;
}

}  // namespace podium::scraper::tables
