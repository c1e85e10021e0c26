#include "services/executor/adapters/docker_host.hpp"

#include <format>

namespace podium::executor {

Result<DockerHost> parse_docker_host(std::string_view text) {
  constexpr std::string_view kUnix = "unix://";
  constexpr std::string_view kTcp = "tcp://";
  if (text.starts_with(kUnix) && text.substr(kUnix.size()).starts_with('/')) {
    return DockerHost{.unix_socket = std::string{text.substr(kUnix.size())},
                      .base_url = "http://docker"};
  }
  if (text.starts_with(kTcp)) {
    auto address = text.substr(kTcp.size());
    while (address.ends_with('/')) address.remove_suffix(1);
    if (!address.empty() && address.find_first_of("/@?# ") == std::string_view::npos) {
      return DockerHost{.unix_socket = "", .base_url = std::format("http://{}", address)};
    }
  }
  return fail(errors::kConfiguration,
              std::format("DOCKER_HOST must be unix:///path or tcp://host:port, not '{}'", text));
}

}  // namespace podium::executor
