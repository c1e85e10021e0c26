// Numbers of any width in bits, as Parquet packs them: the lowest bit first
// (https://github.com/apache/parquet-format/blob/master/Encodings.md). Throw BrokenTable when the
// bytes end. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace podium::scraper::tables {

/// A whole number of at most eight bytes, the lowest first.
constexpr std::uint64_t lowest_first(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

/// The number that is packed so: 0, -1, 1, -2 ... are 0, 1, 2, 3 ...
constexpr std::int64_t from_zigzag(std::uint64_t packed) {
  return static_cast<std::int64_t>(packed >> 1U) ^ -static_cast<std::int64_t>(packed & 1U);
}

class BitReader {
 public:
  /// Borrows the bytes.
  explicit BitReader(std::string_view bytes) : bytes_{bytes} {}

  /// The next number of at most 64 bits.
  std::uint64_t read(unsigned bits);
  /// Unsigned LEB128, on whole bytes.
  std::uint64_t read_varint();
  std::int64_t read_zigzag() { return from_zigzag(read_varint()); }
  /// Goes on at the next whole byte.
  void align() { position_ = (position_ + 7) / 8 * 8; }
  /// Whole bytes passed over.
  void skip_bytes(std::size_t bytes);
  /// What lies after the bytes read, which must be whole ones.
  std::string_view rest() const { return bytes_.substr(position_ / 8); }

 private:
  std::string_view bytes_;
  /// In bits.
  std::size_t position_ = 0;
};

/// Runs of one number, and packed numbers, in turn: levels, dictionary indexes, truth values.
class RunReader {
 public:
  RunReader(std::string_view bytes, unsigned bits);
  std::uint64_t next();

 private:
  void begin_run();

  BitReader reader_;
  unsigned bits_;
  std::uint64_t left_ = 0;
  bool packed_ = false;
  std::uint64_t repeated_ = 0;
};

/// DELTA_BINARY_PACKED: at most `values_max` whole numbers; `rest` is what follows them.
std::vector<std::int64_t> read_deltas(std::string_view bytes, std::uint64_t values_max,
                                      std::string_view& rest);

}  // namespace podium::scraper::tables
