// The data of a competition as one file: Kaggle answers with the address of a storage server, which
// is asked for the bytes without any of our headers, resumed after a cut, and believed only when
// length and MD5 are those it told. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// Hosts that Kaggle may send us to for data: "*.googleapis.com" over https, and for tests a host
/// with its port ("127.0.0.1:8081"), over http as well.
bool is_storage_address(std::string_view url, const std::vector<std::string>& further_hosts);

/// The file name that an address ends with; empty when it is none.
std::string file_name_of(std::string_view url);

struct KaggleDownload {
  std::string slug;
  /// Where the bytes go; the name is that of the address.
  std::filesystem::path folder;
  /// DATA_TOO_LARGE beyond.
  std::uint64_t bytes_max = 0;
  std::vector<std::string> storage_hosts;
};

/// The file that was written. KAGGLE_NOT_ENTERED when a page came in place of data; what Kaggle
/// refuses as reason_of() says; SCRAPE_FAILED when it could not be had within the bounds; STOPPED;
/// UNAVAILABLE when it cannot be written. Repeating begins anew.
Result<std::filesystem::path> download_data(KaggleClient& kaggle, const KaggleDownload& wanted,
                                            const FetchControl& control);

}  // namespace podium::scraper
