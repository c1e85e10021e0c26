#include "services/scraper/credentials.hpp"

#include "services/scraper/kaggle/kaggle_credential_check.hpp"

namespace podium::scraper {

void add_credentials(Service& service, const Config& config) {
  service.add_credential(
      "kaggle", [url = config.kaggle.endpoint.url, credentials = config.kaggle_credentials](
                    const auto& stop) { return check_kaggle_credentials(url, credentials, stop); });
  service.add_credential("s3", [artifacts = config.artifacts](const auto& stop) {
    return check_artifact_credentials(artifacts, stop);
  });
}

}  // namespace podium::scraper
