#include <filesystem>
#include <fstream>

#include "services/scraper/tables/json_table.hpp"
#include "services/scraper/tables/parquet_table.hpp"
#include "tests/fuzz/fuzz_targets.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kTableBytesMax = 1ULL << 20;

/// Turns the bytes into a CSV table by `convert`, and looks at what it left.
template <typename Convert>
void convert_table(std::string_view bytes, const Convert& convert) {
  const podium::testing::TemporaryFolder folder;
  const auto table = folder.path() / "table";
  const auto copy = folder.path() / "table.csv";
  std::ofstream{table, std::ios::binary} << bytes;
  const scraper::FetchControl control;
  scraper::UnpackAccount account{{.bytes_max = kTableBytesMax, .packed_bytes = bytes.size()},
                                 control};
  const bool converted = convert(table, copy, account);
  demand(fs::exists(copy) == converted, "there is a copy exactly when the table was read");
  demand(!converted || fs::file_size(copy) <= kTableBytesMax, "the limit on bytes holds");
}

}  // namespace

void fuzz_parquet(std::string_view bytes) {
  convert_table(bytes, [](const fs::path& table, const fs::path& copy, auto& account) {
    return scraper::tables::parquet_to_csv(table, copy, account).has_value();
  });
}

void fuzz_json_table(std::string_view bytes) {
  convert_table(bytes, [](const fs::path& table, const fs::path& copy, auto& account) {
    const auto converted = scraper::tables::json_to_csv(table, copy, account);
    return converted && converted->has_value();
  });
}

}  // namespace podium::fuzz
