#include "services/scraper/tables/thrift_reader.hpp"

#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

/// Seven bits in each of a number of 64.
constexpr int kVarintBytesMax = 10;

ThriftType type_of(int code) {
  if (code < 0 || code > static_cast<int>(ThriftType::structure)) {
    throw BrokenTable{"its metadata has a field of an unknown type"};
  }
  return static_cast<ThriftType>(code);
}

/// Counts how deep a structure is in others, while it lives.
class Nested {
 public:
  explicit Nested(int& depth) : depth_{depth} {
    if (++depth_ > kMetadataDepthMax) throw BrokenTable{"its metadata is nested too deep"};
  }
  ~Nested() { --depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  int& depth_;
};

}  // namespace

void ThriftReader::demand(std::uint64_t bytes) const {
  if (bytes > bytes_.size() - position_) throw BrokenTable{"its metadata is cut off"};
}

std::uint8_t ThriftReader::read_byte() {
  demand(1);
  return static_cast<std::uint8_t>(bytes_[position_++]);
}

std::uint64_t ThriftReader::read_varint() {
  std::uint64_t value = 0;
  for (int i = 0; i < kVarintBytesMax; ++i) {
    const std::uint64_t byte = read_byte();
    value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) return value;
  }
  throw BrokenTable{"a number in its metadata has no end"};
}

std::int64_t ThriftReader::read_integer() {
  return from_zigzag(read_varint());
}

std::string_view ThriftReader::read_binary() {
  const std::uint64_t size = read_varint();
  demand(size);
  const auto value = bytes_.substr(position_, size);
  position_ += size;
  return value;
}

void ThriftReader::read_struct(const TakeField& take) {
  const Nested nested{depth_};
  constexpr std::int64_t kIdMax = 0x7FFF;
  std::int64_t id = 0;
  while (true) {
    const int head = read_byte();
    const ThriftType type = type_of(head & 0x0F);
    if (type == ThriftType::stop) return;
    const int step = head >> 4;
    id = step == 0 ? read_integer() : id + step;
    if (id < 0 || id > kIdMax) throw BrokenTable{"its metadata has a field of no known number"};
    if (!take(static_cast<int>(id), type)) skip(type);
  }
}

void ThriftReader::read_list(const std::function<void(ThriftType)>& take_item) {
  constexpr std::uint64_t kLong = 15;
  const int head = read_byte();
  const ThriftType type = type_of(head & 0x0F);
  std::uint64_t count = static_cast<std::uint64_t>(head) >> 4U;
  if (count == kLong) count = read_varint();
  // No item is shorter than a byte.
  demand(count);
  for (std::uint64_t i = 0; i < count; ++i) take_item(type);
}

void ThriftReader::skip_items(ThriftType type, std::uint64_t count) {
  demand(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    // A truth value is a byte here, and nothing beside its type in a structure.
    const bool truth = type == ThriftType::yes || type == ThriftType::no;
    skip(truth ? ThriftType::byte : type);
  }
}

void ThriftReader::skip_map() {
  const std::uint64_t count = read_varint();
  if (count == 0) return;
  const int types = read_byte();
  for (std::uint64_t i = 0; i < count; ++i) {
    skip_items(type_of(types >> 4), 1);
    skip_items(type_of(types & 0x0F), 1);
  }
}

void ThriftReader::skip(ThriftType type) {
  constexpr std::size_t kRealBytes = 8;
  switch (type) {
    case ThriftType::stop:
    case ThriftType::yes:
    case ThriftType::no:
      return;
    case ThriftType::byte:
      read_byte();
      return;
    case ThriftType::i16:
    case ThriftType::i32:
    case ThriftType::i64:
      read_varint();
      return;
    case ThriftType::real:
      demand(kRealBytes);
      position_ += kRealBytes;
      return;
    case ThriftType::binary:
      read_binary();
      return;
    case ThriftType::list:
    case ThriftType::set: {
      const Nested nested{depth_};
      read_list([this](ThriftType item) { skip_items(item, 1); });
      return;
    }
    case ThriftType::map: {
      const Nested nested{depth_};
      skip_map();
      return;
    }
    case ThriftType::structure:
      read_struct([](int, ThriftType) { return false; });
      return;
  }
}

}  // namespace podium::scraper::tables
