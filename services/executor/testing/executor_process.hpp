// The executor as a program beside a real broker: nats-server with the users and rights of
// permissions.json and the streams of streams.json. The program is started, stopped and killed by a
// test; its output is kept.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::executor::fakes {

class Broker {
 public:
  /// Throws when the server cannot be started or prepared.
  Broker();

  std::unique_ptr<Bus> connect(const std::string& user) const;
  std::string url() const { return server_.url(); }
  static std::string password_of(const std::string& user) { return "nats-" + user; }

 private:
  std::filesystem::path write_config() const;

  podium::testing::TemporaryFolder folder_;
  podium::testing::NatsServer server_;
};

class ExecutorProcess {
 public:
  /// `settings` are its environment besides what reaches the broker.
  ExecutorProcess(const Broker& broker, std::map<std::string, std::string> settings);

  void start();
  /// SIGKILL.
  void kill();
  /// SIGTERM; the exit code, nullopt when it has not gone within `patience`.
  std::optional<int> stop(std::chrono::milliseconds patience);
  std::string output() const;

 private:
  podium::testing::TemporaryFolder folder_;
  std::map<std::string, std::string> environment_;
  std::optional<podium::testing::Process> process_;
};

}  // namespace podium::executor::fakes
