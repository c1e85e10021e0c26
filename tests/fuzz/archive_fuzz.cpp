#include <array>
#include <filesystem>
#include <fstream>

#include "services/scraper/unpack.hpp"
#include "tests/fuzz/fuzz_targets.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::array kNames{"data.zip", "data.7z", "data.tar", "data.tar.gz", "data.csv.gz"};
constexpr std::uint64_t kBytesMax = 1ULL << 20;

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    const auto kind = entry.symlink_status().type();
    demand(kind == fs::file_type::regular || kind == fs::file_type::directory,
           "an archive leaves files and folders only");
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

}  // namespace

/// The first byte says what kind of archive the others are taken for.
void fuzz_archive(std::string_view bytes) {
  if (bytes.empty()) return;
  const podium::testing::TemporaryFolder folder;
  const auto packed = folder.path() / "packed";
  fs::create_directory(packed);
  const auto kind = static_cast<unsigned char>(bytes.front()) % kNames.size();
  std::ofstream{packed / kNames.at(kind), std::ios::binary} << bytes.substr(1);
  const scraper::FetchControl control;
  scraper::UnpackAccount account{{.bytes_max = kBytesMax, .packed_bytes = bytes.size()}, control};
  const auto unpacked = scraper::unpack_folder(packed, folder.path() / "place" / "data", account);
  for (const auto& entry : fs::directory_iterator{folder.path()}) {
    demand(entry.path() == packed || entry.path().filename() == "place",
           "nothing is put outside its folder");
  }
  if (!unpacked) return;
  demand(bytes_below(folder.path() / "place") <= kBytesMax, "the limit on bytes holds");
}

}  // namespace podium::fuzz
