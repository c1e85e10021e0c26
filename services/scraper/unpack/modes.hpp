// What podium-unpack does, once it is locked in: see protocol.hpp. What is wrong with the files is
// the error, for the report.
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "podium/v1/scrape.pb.h"
#include "services/scraper/ports.hpp"

namespace podium::scraper::unpack {

Result<void> read_data(const std::filesystem::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report);
Result<void> open_sent(const std::filesystem::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report);
Result<void> read_pages(const v1::UnpackQuestion& question, const FetchControl& control,
                        v1::UnpackReport& report);

}  // namespace podium::scraper::unpack
