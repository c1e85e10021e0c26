// The gateway's settings, each read once. README.md says what each costs to change.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_options.hpp"
#include "services/gateway/access.hpp"

namespace podium::gateway {

struct Config {
  HttpServerOptions http;
  AccessOptions access;
  DatabaseOptions database;
  /// The artifact store, the same for all services.
  ArtifactOptions artifacts;
  /// Folder with openapi.yaml and asyncapi.yaml.
  std::filesystem::path schemas_folder;
  /// Largest tar of a person's own competition.
  std::uint64_t upload_bytes_max = 0;
  /// Address of Jaeger; empty when traces cannot be looked at.
  std::string traces_url;
  /// A mail server is set up (PODIUM_SMTP_URL); the notifier talks to it.
  bool sends_mail = false;
};

/// Every wrong setting is in the error.
Result<Config> load_config(Environment& environment);

}  // namespace podium::gateway
