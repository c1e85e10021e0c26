#include "services/executor/tar.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <format>
#include <numeric>

namespace podium::executor {
namespace {

// Offsets and lengths of the fields of a header.
constexpr std::size_t kModeAt = 100;
constexpr std::size_t kOwnerAt = 108;
constexpr std::size_t kGroupAt = 116;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSizeLength = 12;
constexpr std::size_t kTimeAt = 136;
constexpr std::size_t kChecksumAt = 148;
constexpr std::size_t kChecksumLength = 8;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;
constexpr std::string_view kMagic = "ustar";
/// Larger than any archive: 2^56.
constexpr std::uint64_t kSizeMax = std::uint64_t{1} << 56U;

void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

/// The sum of all bytes, with blanks in place of the sum's own field.
unsigned checksum_of(std::string_view block) {
  unsigned sum = 0;
  for (std::size_t at = 0; at < block.size(); ++at) {
    const bool own = at >= kChecksumAt && at < kChecksumAt + kChecksumLength;
    sum += own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(block[at]);
  }
  return sum;
}

Result<std::uint64_t> octal(std::string_view field) {
  const auto first = field.find_first_not_of(' ');
  if (first == std::string_view::npos) return fail(errors::kInvalid, "a tar number is empty");
  field.remove_prefix(first);
  std::uint64_t value = 0;
  const auto* const end = field.data() + field.size();
  const auto read = std::from_chars(field.data(), end, value, 8);
  const bool ends_well = read.ptr == end || *read.ptr == ' ' || *read.ptr == '\0';
  if (read.ec != std::errc{} || !ends_well) return fail(errors::kInvalid, "a tar number is wrong");
  return value;
}

/// Octal digits, or big-endian binary when the first bit is set (files of 8 GB and more).
Result<std::uint64_t> size_of(std::string_view block) {
  const auto field = block.substr(kSizeAt, kSizeLength);
  if ((static_cast<unsigned char>(field.front()) & 0x80U) == 0) return octal(field);
  std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7FU;
  for (const char byte : field.substr(1)) {
    if (value >= kSizeMax >> 8U) return fail(errors::kInvalid, "a tar size is too large");
    value = (value << 8U) | static_cast<unsigned char>(byte);
  }
  return value;
}

TarHeader::Kind kind_of(char type) {
  switch (type) {
    case '0':
    case '\0':
      return TarHeader::Kind::file;
    case '5':
      return TarHeader::Kind::folder;
    case 'x':  // POSIX extended header: long names, times
    case 'g':
    case 'L':  // GNU long name
      return TarHeader::Kind::extension;
    default:
      return TarHeader::Kind::other;
  }
}

}  // namespace

std::string tar_of_file(std::string_view name, std::string_view content) {
  std::string archive(kTarBlockBytes, '\0');
  put(archive, 0, name.substr(0, kModeAt - 1));
  put(archive, kModeAt, "0000444");
  put(archive, kOwnerAt, "0000000");
  put(archive, kGroupAt, "0000000");
  put(archive, kSizeAt, std::format("{:011o}", content.size()));
  put(archive, kTimeAt, "00000000000");
  put(archive, kTypeAt, "0");
  put(archive, kMagicAt, std::string_view{"ustar\00000", 8});
  put(archive, kChecksumAt, std::format("{:06o}", checksum_of(archive)));
  put(archive, kChecksumAt + 6, std::string_view{"\0 ", 2});
  archive += content;
  const auto padding = (kTarBlockBytes - content.size() % kTarBlockBytes) % kTarBlockBytes;
  archive.append(padding + 2 * kTarBlockBytes, '\0');
  return archive;
}

Result<TarHeader> parse_tar_header(std::string_view block) {
  if (block.size() != kTarBlockBytes) return fail(errors::kInvalid, "a tar header is cut short");
  if (std::ranges::all_of(block, [](char byte) { return byte == '\0'; })) {
    return TarHeader{.kind = TarHeader::Kind::end, .bytes = 0};
  }
  const auto told = PODIUM_TRY(octal(block.substr(kChecksumAt, kChecksumLength)));
  if (told != checksum_of(block) || block.substr(kMagicAt, kMagic.size()) != kMagic) {
    return fail(errors::kInvalid, "this is no tar header");
  }
  TarHeader header{.kind = kind_of(block[kTypeAt]), .bytes = PODIUM_TRY(size_of(block))};
  if (header.kind == TarHeader::Kind::folder) header.bytes = 0;
  return header;
}

Result<void> TarGuard::feed(std::string_view piece) {
  while (!piece.empty() && !ended_) {
    if (skip_ > 0) {
      const auto skipped = std::min<std::uint64_t>(skip_, piece.size());
      piece.remove_prefix(static_cast<std::size_t>(skipped));
      skip_ -= skipped;
      continue;
    }
    const auto taken = std::min(kTarBlockBytes - filled_, piece.size());
    std::memcpy(block_.data() + filled_, piece.data(), taken);
    filled_ += taken;
    piece.remove_prefix(taken);
    if (filled_ == kTarBlockBytes) PODIUM_TRY(take_header());
  }
  return {};
}

Result<void> TarGuard::take_header() {
  filled_ = 0;
  const auto header = PODIUM_TRY(parse_tar_header({block_.data(), block_.size()}));
  if (header.kind == TarHeader::Kind::other) {
    return fail(errors::kInvalid, "the tar holds a link, a device or a pipe");
  }
  ended_ = header.kind == TarHeader::Kind::end;
  if (header.bytes > kSizeMax) return fail(errors::kInvalid, "a tar size is too large");
  skip_ = (header.bytes + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes;
  return {};
}

Result<void> TarGuard::finish() const {
  if (ended_ || (filled_ == 0 && skip_ == 0)) return {};
  return fail(errors::kInvalid, "the tar is cut short");
}

}  // namespace podium::executor
