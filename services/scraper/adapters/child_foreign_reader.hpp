// ForeignReader by a child process (podium-unpack) that has neither this process's environment nor
// its descriptors, may open only the folder of its scrape, and no socket. Thread-safe: one child a
// call.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/child/child_process.hpp"
#include "podium/v1/scrape.pb.h"
#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

struct UnpackOptions {
  /// podium-unpack.
  std::filesystem::path program;
  /// Once unpacked; more is DATA_TOO_LARGE.
  std::uint64_t data_bytes_max = kDataBytesMaxDefault;
  /// Time that any read gets, beside that for its bytes.
  std::chrono::milliseconds time_least = kUnpackTimeLeast;
};

class ChildForeignReader final : public ForeignReader {
 public:
  explicit ChildForeignReader(UnpackOptions options);

  Result<ReadData> read_data(const std::filesystem::path& folder, const FetchedCompetition& fetched,
                             const FetchControl& control) override;
  Result<competition::ToldFacts> open_sent(const std::filesystem::path& folder,
                                           const FetchControl& control) override;
  Result<std::vector<v1::Page>> read_pages(const std::vector<v1::ForeignPage>& pages,
                                           const std::filesystem::path& folder,
                                           const FetchControl& control) override;

 private:
  Result<v1::UnpackReport> ask(std::string_view mode, const std::filesystem::path& folder,
                               const v1::UnpackQuestion& question,
                               std::chrono::milliseconds time_max,
                               const FetchControl& control) const;
  /// What reading so many bytes may take.
  std::chrono::milliseconds time_for(std::uint64_t bytes) const;

  UnpackOptions options_;
};

}  // namespace podium::scraper
