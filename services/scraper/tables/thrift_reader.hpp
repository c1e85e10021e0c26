// Reads Thrift's compact protocol
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), in which the
// metadata of Parquet is written. Every length is checked against the bytes that are there. One
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace podium::scraper::tables {

enum class ThriftType : std::uint8_t {
  stop = 0,
  yes = 1,
  no = 2,
  byte = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  real = 7,
  binary = 8,
  list = 9,
  set = 10,
  map = 11,
  structure = 12,
};

class ThriftReader {
 public:
  /// Borrows the bytes.
  explicit ThriftReader(std::string_view bytes) : bytes_{bytes} {}

  /// Told of each field of a structure; reads its value and returns true, or false to pass over it.
  using TakeField = std::function<bool(int id, ThriftType type)>;

  /// All of these throw BrokenTable when the bytes end or are nested too deep.
  void read_struct(const TakeField& take);
  /// Calls `take_item` for each item; it must read the item.
  void read_list(const std::function<void(ThriftType type)>& take_item);
  /// A whole number of any width.
  std::int64_t read_integer();
  std::string_view read_binary();
  void skip(ThriftType type);

  /// How many bytes were read.
  std::size_t position() const { return position_; }

 private:
  std::uint8_t read_byte();
  std::uint64_t read_varint();
  void skip_items(ThriftType type, std::uint64_t count);
  void skip_map();
  void demand(std::uint64_t bytes) const;

  std::string_view bytes_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace podium::scraper::tables
