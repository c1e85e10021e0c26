// Where the engine listens, in Docker's own spelling. Pure.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::executor {

struct DockerHost {
  /// Path of the unix socket; empty for TCP.
  std::string unix_socket;
  /// "http://host:port", or "http://docker" for a socket.
  std::string base_url;
};

inline constexpr std::string_view kDockerHostDefault = "unix:///var/run/docker.sock";

/// "unix:///path" or "tcp://host:port". CONFIGURATION for anything else.
Result<DockerHost> parse_docker_host(std::string_view text);

}  // namespace podium::executor
