// Names as a sentence lists them. Pure; thread-safe.
#pragma once

#include <format>
#include <string>
#include <vector>

#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {

/// "a, b, c and 4 more".
inline std::string name_list(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamedMax; ++i) {
    list += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamedMax) list += std::format(" and {} more", names.size() - kNamedMax);
  return list;
}

}  // namespace podium::scraper::tables
