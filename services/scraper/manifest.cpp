#include "services/scraper/manifest.hpp"

#include <nlohmann/json.hpp>

namespace podium::scraper {

std::string manifest_of(const v1::CompetitionFacts& facts, const DataTar& tar) {
  auto files = nlohmann::ordered_json::array();
  for (const auto& [path, file] : tar.files) {
    files.push_back({{"path", path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  const nlohmann::ordered_json manifest = {{"competition", facts.slug()},
                                           {"data_sha256", facts.data().sha256()},
                                           {"bytes", tar.bytes},
                                           {"files", std::move(files)}};
  return manifest.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace podium::scraper
