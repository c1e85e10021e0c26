// A nats-server as the set-up step prepares it: users, rights and passwords from permissions.json,
// streams from streams.json.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

/// The folder schemas/ of the checkout.
std::filesystem::path schemas_folder();

/// The names of the users in permissions.json.
std::vector<std::string> user_names();

class PreparedNats {
 public:
  /// Throws when anything fails.
  PreparedNats();

  std::string url() const { return server_.url(); }
  static std::string password_of(const std::string& user) { return "nats-" + user; }
  /// A connection as one of the users.
  std::unique_ptr<Bus> connect(const std::string& user) const;

 private:
  std::filesystem::path write_config() const;
  void apply_streams() const;

  TemporaryFolder folder_;
  NatsServer server_;
};

}  // namespace podium::testing
