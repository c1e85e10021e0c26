// The credentials that the scraper holds, for `podium doctor`.
#pragma once

#include "libs/chassis/service.hpp"
#include "services/scraper/config.hpp"

namespace podium::scraper {

/// Kaggle's, and those of the artifacts' bucket, which the services share. `config` is copied.
void add_credentials(Service& service, const Config& config);

}  // namespace podium::scraper
