// What one scrape may unpack, over all its archives, and where unpacking looks whether it is to
// stop. One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "libs/chassis/result.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class UnpackAccount {
 public:
  /// `control` must outlive it.
  UnpackAccount(std::uint64_t bytes_max, const FetchControl& control)
      : bytes_max_{bytes_max}, control_{control} {}

  /// One more file or folder. ARCHIVE_UNSAFE beyond kEntriesMax.
  Result<void> take_entry();
  /// So many more bytes on the disk. DATA_TOO_LARGE beyond the limit, STOPPED when asked to stop.
  /// After an error they are not in the account.
  Result<void> take(std::uint64_t bytes);
  /// So many bytes that were taken are no longer on the disk.
  void give_back(std::uint64_t bytes) { bytes_ -= std::min(bytes, bytes_); }

 private:
  std::uint64_t bytes_max_;
  const FetchControl& control_;
  std::uint64_t bytes_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace podium::scraper
