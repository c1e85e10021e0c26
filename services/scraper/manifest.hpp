// manifest.json: every data file with its size and sha256, and the tar they travel in. Pure.
#pragma once

#include <string>

#include "podium/v1/competition.pb.h"
#include "services/scraper/data_tar.hpp"

namespace podium::scraper {

/// JSON text: {"competition", "data_sha256", "bytes", "files": [{"path", "bytes", "sha256"}]}.
std::string manifest_of(const v1::CompetitionFacts& facts, const DataTar& tar);

}  // namespace podium::scraper
