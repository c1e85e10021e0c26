#include "services/gateway/config.hpp"

#include <algorithm>
#include <cctype>
#include <ranges>
#include <vector>

#include "libs/chassis/http/url.hpp"

namespace podium::gateway {
namespace {

constexpr std::uint64_t kUploadBytesMax = 2ULL * 1024 * 1024 * 1024;
/// A request to run is a few hundred bytes; nothing else but uploads has a body.
constexpr std::uint64_t kBodyBytesMax = 64 * 1024;

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> items;
  for (const auto part : std::views::split(text, ',')) {
    std::string item{std::string_view{part}};
    std::erase(item, ' ');
    std::ranges::transform(item, item.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!item.empty()) items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  config.http.host = environment.text("PODIUM_HTTP_HOST", "127.0.0.1");
  config.http.port = static_cast<int>(environment.integer("PODIUM_HTTP_PORT", 8080, 0, 65'535));
  config.http.requests_max =
      static_cast<int>(environment.integer("PODIUM_HTTP_REQUESTS_MAX", 64, 1, 4'096));
  config.http.streams_max =
      static_cast<int>(environment.integer("PODIUM_HTTP_STREAMS_MAX", 256, 1, 65'536));
  config.http.body_bytes_max = kBodyBytesMax;
  config.access.hosts = list_of(environment.text("PODIUM_HTTP_HOSTS", ""));
  config.database = read_database_options(environment, "gateway");
  config.database.connections_max =
      static_cast<int>(environment.integer("PODIUM_DATABASE_CONNECTIONS_MAX", 8, 1, 256));
  config.artifacts = read_artifact_options(environment);
  config.schemas_folder = environment.text("PODIUM_SCHEMAS", "/usr/share/podium/schemas");
  config.upload_bytes_max = environment.bytes("PODIUM_UPLOAD_BYTES_MAX", kUploadBytesMax);
  config.traces_url = environment.text("PODIUM_TRACES_URL", "");
  config.sends_mail = !environment.text("PODIUM_SMTP_URL", "").empty();
  config.access.link_key = environment.secret("PODIUM_LINK_KEY");
  if (const auto public_url = environment.text("PODIUM_PUBLIC_URL", ""); !public_url.empty()) {
    const auto url = parse_url(public_url);
    if (!url || !is_http_url(public_url)) {
      environment.problem("PODIUM_PUBLIC_URL", "must be the http(s) address of the gateway");
    } else {
      // What links name is answered to.
      config.access.hosts.push_back(url->host);
    }
  }

  const std::string keys_file = environment.text("PODIUM_API_KEYS_FILE", "");
  if (!keys_file.empty()) {
    if (auto keys = read_api_keys(keys_file)) {
      config.access.keys = *std::move(keys);
    } else {
      environment.problem("PODIUM_API_KEYS_FILE", keys.error().detail);
    }
  }
  PODIUM_TRY(environment.check());
  return config;
}

}  // namespace podium::gateway
