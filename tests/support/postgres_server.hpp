// A real PostgreSQL 17 on a free port of 127.0.0.1 with a cluster of its own; user and database
// `podium`, password `podium`. It refuses to run as root: a test that is root starts it as
// `postgres`.
#pragma once

#include <optional>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// SIGKILL of the postmaster and of what it started.
  void kill();
  /// Starts it again on the same port and cluster, and waits until it answers.
  void start();

  /// postgresql://podium@127.0.0.1:PORT/podium
  std::string url() const { return url("podium"); }
  std::string url(const std::string& user) const;
  int port() const { return port_; }
  std::string output() const;

 private:
  void make_cluster();
  int run(std::vector<std::string> command);

  TemporaryFolder folder_;
  std::optional<unsigned> user_;
  int port_ = 0;
  std::optional<Process> process_;
};

}  // namespace podium::testing
