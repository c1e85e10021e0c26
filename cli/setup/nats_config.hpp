// The NATS server's configuration: one account with JetStream, and a user per service whose rights
// are expanded from schemas/permissions.json. Pure but for reading files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium::setup {

struct NatsConfigOptions {
  std::filesystem::path permissions;
  /// Holds a file nats_<user> with the password of each user.
  std::filesystem::path secrets;
  /// When the server syncs what it has acknowledged to the disk: "always", or a time such as "10s".
  std::string sync_interval = "always";
  /// Most that all streams together may take of the disk.
  std::uint64_t store_bytes = 10ULL << 30;
};

/// Subjects that a user may publish and subscribe.
struct NatsRights {
  std::vector<std::string> publish;
  std::vector<std::string> subscribe;
};

/// Expands one user's entry of permissions.json (JSON text). CONFIGURATION with the unknown key.
Result<NatsRights> rights_of(std::string_view user, std::string_view entry);

/// The whole configuration file. CONFIGURATION names every password file that is missing.
Result<std::string> nats_config(const NatsConfigOptions& options);

/// Writes a file that only its owner reads, by a temporary file and a rename.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace podium::setup
