// What one scrape may unpack, over all its archives, and where unpacking looks whether it is to
// stop. One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "libs/chassis/result.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

struct UnpackLimits {
  /// Once unpacked; more is DATA_TOO_LARGE.
  std::uint64_t bytes_max = 0;
  /// What came from outside, as it came: all that is unpacked is measured by it, so that archives
  /// in archives are no way around kRatioMax.
  std::uint64_t packed_bytes = 0;
};

/// Whether so many bytes out of so many packed ones are what nobody packs: see kRatioMax.
constexpr bool is_bomb(std::uint64_t unpacked, std::uint64_t packed) {
  return unpacked > kRatioFloorBytes && unpacked / kRatioMax > packed;
}

class UnpackAccount {
 public:
  /// `control` must outlive it.
  UnpackAccount(const UnpackLimits& limits, const FetchControl& control)
      : limits_{limits}, control_{control} {}

  /// One more file or folder. ARCHIVE_UNSAFE beyond kEntriesMax.
  Result<void> take_entry();
  /// So many more bytes on the disk. DATA_TOO_LARGE beyond the limit, ARCHIVE_UNSAFE when all are
  /// more than kRatioMax times what came, STOPPED when asked to stop. After an error they are not
  /// in the account.
  Result<void> take(std::uint64_t bytes);
  /// So many bytes that were taken are no longer on the disk.
  void give_back(std::uint64_t bytes) { bytes_ -= std::min(bytes, bytes_); }
  /// What is on the disk.
  std::uint64_t bytes() const { return bytes_; }
  /// Both of whoever made it.
  const UnpackLimits& limits() const { return limits_; }
  const FetchControl& control() const { return control_; }

 private:
  UnpackLimits limits_;
  const FetchControl& control_;
  std::uint64_t bytes_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace podium::scraper
