// The little of the tar format (POSIX.1-2001, ustar) that the executor and its check need: making
// an archive of one file, looking whether an archive holds only plain files and folders, and
// finding the one file of an archive. Pure; hostile input gives an error, never more than bounded
// work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::executor {

inline constexpr std::size_t kTarBlockBytes = 512;
/// What an archive of one file adds to its content at the most: header, padding, end, and what an
/// engine may put in front (extended headers).
inline constexpr std::uint64_t kTarOverheadBytesMax = 16 * 1024;

/// An archive of one file that everybody may read and nobody write. The name has at most 99 bytes.
std::string tar_of_file(std::string_view name, std::string_view content);

struct TarHeader {
  enum class Kind { file, folder, extension, end, other };
  Kind kind = Kind::other;
  std::uint64_t bytes = 0;
};

/// Reads one block as a header. INVALID when its checksum or a number is wrong.
Result<TarHeader> parse_tar_header(std::string_view block);

/// Lets an archive pass in pieces and says when it is not of plain files and folders only: links,
/// devices, pipes and anything compressed are refused.
class TarGuard {
 public:
  /// INVALID at the first thing that may not be.
  Result<void> feed(std::string_view piece);
  /// INVALID when the archive stops in the middle of something.
  Result<void> finish() const;

 private:
  Result<void> take_header();

  std::array<char, kTarBlockBytes> block_{};
  std::size_t filled_ = 0;
  std::uint64_t skip_ = 0;
  bool ended_ = false;
};

/// Where the content of an archive's one file lies.
struct TarMember {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// The one file of an archive whose bytes `read(offset, bytes)` gives. INVALID when it holds none,
/// more than one, or anything else.
template <typename Read>
Result<TarMember> find_only_file(const Read& read, std::uint64_t archive_bytes) {
  TarMember found;
  bool has_file = false;
  std::uint64_t offset = 0;
  while (offset + kTarBlockBytes <= archive_bytes) {
    const std::string block = PODIUM_TRY(read(offset, kTarBlockBytes));
    const auto header = PODIUM_TRY(parse_tar_header(block));
    if (header.kind == TarHeader::Kind::end) break;
    offset += kTarBlockBytes;
    if (header.bytes > archive_bytes - offset)
      return fail(errors::kInvalid, "the tar is cut short");
    if (header.kind == TarHeader::Kind::file) {
      if (has_file) return fail(errors::kInvalid, "the tar holds more than one file");
      has_file = true;
      found = {.offset = offset, .bytes = header.bytes};
    } else if (header.kind != TarHeader::Kind::extension) {
      return fail(errors::kInvalid, "the tar holds something that is no plain file");
    }
    offset += (header.bytes + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes;
  }
  if (!has_file) return fail(errors::kInvalid, "the tar holds no file");
  return found;
}

}  // namespace podium::executor
