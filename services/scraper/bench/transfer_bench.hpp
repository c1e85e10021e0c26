// Downloading and unpacking, beside the tools that a person would use.
#pragma once

#include <cstdint>

namespace podium::scraper::bench {

struct TransferBench {
  int repetitions = 5;
  /// Of the file that is downloaded, and of the tables in each archive that is unpacked.
  std::uint64_t megabytes = 128;
};

/// The product's download (resumable, checked by length and MD5) and `curl -o`, from one server of
/// this machine. Throws when either fails.
void compare_downloads(const TransferBench& wanted);
/// The product's unpacking (podium-unpack, locked in, under limits), `unzip`, and `bsdtar` where it
/// is installed: many small tables, and a large one. Throws when one of them fails.
void compare_unpacking(const TransferBench& wanted);

}  // namespace podium::scraper::bench
