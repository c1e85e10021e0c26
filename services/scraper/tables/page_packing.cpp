#include "services/scraper/tables/page_packing.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstdint>
#include <format>

#include "services/scraper/archive_handles.hpp"
#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"

namespace podium::scraper::tables {
namespace {

constexpr std::array<std::string_view, 8> kCodecs{"nothing", "Snappy", "gzip",      "LZO",
                                                  "Brotli",  "LZ4",    "Zstandard", "LZ4"};
constexpr int kUnpacked = 0;
constexpr int kSnappy = 1;
constexpr int kGzip = 2;
constexpr int kZstandard = 6;

[[noreturn]] void broken_page() {
  throw BrokenTable{"a page is not what its header says"};
}

/// Snappy's raw form: https://github.com/google/snappy/blob/main/format_description.txt
class SnappyReader {
 public:
  SnappyReader(std::string_view packed, std::size_t size) : packed_{packed}, size_{size} {}

  std::string read() {
    if (read_size() != size_) broken_page();
    out_.reserve(size_);
    while (position_ < packed_.size()) take_element();
    if (out_.size() != size_) broken_page();
    return std::move(out_);
  }

 private:
  std::uint64_t read_size() {
    // Five bytes of seven bits: a size is of 32.
    constexpr unsigned kSizeBits = 35;
    std::uint64_t size = 0;
    for (unsigned shift = 0; shift < kSizeBits; shift += 7) {
      const auto byte = number(1);
      size |= (byte & 0x7F) << shift;
      if (byte < 0x80) return size;
    }
    broken_page();
  }

  // A number of so many bytes, the lowest first.
  std::uint64_t number(std::size_t bytes) {
    if (bytes > packed_.size() - position_) broken_page();
    const std::uint64_t value = lowest_first(packed_.substr(position_, bytes));
    position_ += bytes;
    return value;
  }

  void take_element() {
    const std::uint64_t tag = number(1);
    switch (tag & 3U) {
      case 0:
        take_literal(tag >> 2U);
        return;
      case 1:
        take_copy((tag >> 2U & 7U) + 4, (tag >> 5U) << 8U | number(1));
        return;
      default:
        take_copy((tag >> 2U) + 1, number((tag & 3U) == 2 ? 2 : 4));
    }
  }

  void take_literal(std::uint64_t length) {
    constexpr std::uint64_t kLong = 60;
    if (length >= kLong) length = number(length - kLong + 1);
    ++length;
    if (length > packed_.size() - position_ || length > size_ - out_.size()) broken_page();
    out_.append(packed_.substr(position_, length));
    position_ += length;
  }

  void take_copy(std::uint64_t length, std::uint64_t offset) {
    if (offset == 0 || offset > out_.size() || length > size_ - out_.size()) broken_page();
    // Byte by byte: what is copied may begin with what it writes.
    for (std::size_t from = out_.size() - offset; length > 0; --length) out_ += out_[from++];
  }

  std::string_view packed_;
  std::size_t size_;
  std::size_t position_ = 0;
  std::string out_;
};

// By libarchive, as a stream without a name.
std::string unpack_stream(int codec, std::string_view packed, std::size_t size) {
  const ReadArchive open{archive_read_new()};
  archive_read_support_format_raw(open.get());
  codec == kGzip ? archive_read_support_filter_gzip(open.get())
                 : archive_read_support_filter_zstd(open.get());
  archive_entry* entry = nullptr;
  const bool opened =
      archive_read_open_memory(open.get(), packed.data(), packed.size()) == ARCHIVE_OK &&
      archive_filter_count(open.get()) > 1 &&
      archive_read_next_header(open.get(), &entry) == ARCHIVE_OK;
  if (!opened) broken_page();
  std::string out(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const auto more = archive_read_data(open.get(), out.data() + got, size - got);
    if (more <= 0) broken_page();
    got += static_cast<std::size_t>(more);
  }
  char beyond = 0;
  if (archive_read_data(open.get(), &beyond, 1) != 0) broken_page();
  return out;
}

}  // namespace

std::string unpack_page(int codec, std::string_view packed, std::size_t size) {
  if (codec == kUnpacked) {
    if (packed.size() != size) broken_page();
    return std::string{packed};
  }
  if (size == 0) return "";
  if (codec == kSnappy) return SnappyReader{packed, size}.read();
  if (codec == kGzip || codec == kZstandard) return unpack_stream(codec, packed, size);
  const auto known = codec > 0 && codec < static_cast<int>(kCodecs.size());
  throw BrokenTable{
      std::format("it is packed with {}, which is not read here: Snappy, gzip and "
                  "Zstandard are",
                  known ? kCodecs[static_cast<std::size_t>(codec)] : "a new codec")};
}

}  // namespace podium::scraper::tables
