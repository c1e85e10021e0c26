// The data of a competition as one file: Kaggle answers with the address of a storage server, which
// is asked for the bytes without any of our headers, resumed after a cut, and believed only when
// length and MD5 are those it told. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// What is too slow to be waited for. `window` after window with fewer bytes than `bytes_least`
/// counts as waiting, as do pauses and calls that bring nothing.
struct KagglePace {
  std::chrono::milliseconds window = kKagglePaceWindow;
  std::uint64_t bytes_least = kKagglePaceBytesLeast;
  /// Of all waiting in sum.
  std::chrono::milliseconds stall_max = kKaggleStallMax;
};

struct KaggleDownload {
  std::string slug;
  /// Where the bytes go; the name is that of the address.
  std::filesystem::path folder;
  /// DATA_TOO_LARGE beyond.
  std::uint64_t bytes_max = 0;
  std::vector<std::string> storage_hosts;
  KagglePace pace = {};
};

/// The file that was written. KAGGLE_NOT_ENTERED when a page came in place of data; what Kaggle
/// refuses as reason_of() says; SCRAPE_FAILED when it could not be had within the bounds; STOPPED;
/// DISK_TOO_SMALL, or UNAVAILABLE, when it cannot be written. Repeating begins anew.
Result<std::filesystem::path> download_data(KaggleClient& kaggle, const KaggleDownload& wanted,
                                            const FetchControl& control);

}  // namespace podium::scraper
