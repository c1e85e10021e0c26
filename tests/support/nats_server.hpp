// A real nats-server with JetStream on a free port of 127.0.0.1 and a store of its own.
#pragma once

#include <optional>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class NatsServer {
 public:
  /// Starts it and waits until it answers. `config_file`, when given, holds the server's
  /// configuration (users, permissions); port and store are given on the command line besides it.
  explicit NatsServer(std::filesystem::path config_file = {});

  /// SIGKILL. The store stays.
  void kill();
  /// Starts it again on the same port and store, and waits until it answers.
  void start();

  std::string url() const;
  int port() const { return port_; }
  std::string output() const;

 private:
  TemporaryFolder folder_;
  std::filesystem::path config_file_;
  int port_ = 0;
  int monitor_port_ = 0;
  std::optional<Process> process_;
};

/// True when something accepts connections there.
bool accepts_connections(int port);

}  // namespace podium::testing
