#include "tests/support/nats_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

/// A copy of the configuration without its store's folder, which the command line gives.
std::filesystem::path without_store(const std::filesystem::path& config,
                                    const std::filesystem::path& copy) {
  std::ifstream from{config};
  std::ofstream to{copy};
  for (std::string line; std::getline(from, line);) {
    if (!line.contains("store_dir:")) to << line << '\n';
  }
  return copy;
}

}  // namespace

NatsServer::NatsServer(std::filesystem::path config_file)
    : config_file_{std::move(config_file)}, port_{free_port()}, monitor_port_{free_port()} {
  start();
}

void NatsServer::kill() {
  process_.reset();
}

void NatsServer::start() {
  ProcessOptions options;
  // The command line goes before the configuration, so that servers never meet on a port.
  options.command = {"nats-server",
                     "--addr",
                     "127.0.0.1",
                     "--port",
                     std::to_string(port_),
                     "--http_port",
                     std::to_string(monitor_port_),
                     "--jetstream",
                     "--store_dir",
                     (folder_.path() / "store").string()};
  if (!config_file_.empty()) {
    const auto config = without_store(config_file_, folder_.path() / "nats.conf");
    options.command.insert(options.command.end(), {"--config", config.string()});
  }
  options.output = folder_.path() / "nats.log";
  process_.emplace(std::move(options));
  constexpr std::chrono::seconds kStartMax{20};
  wait_until([this] { return accepts_connections(port_) || !process_->running(); }, kStartMax);
  if (!process_->running() || !accepts_connections(port_)) {
    throw std::runtime_error{"nats-server did not start:\n" + output()};
  }
}

std::string NatsServer::url() const {
  return "nats://127.0.0.1:" + std::to_string(port_);
}

std::string NatsServer::output() const {
  return process_ ? process_->output() : "";
}

bool accepts_connections(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool accepted =
      connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(socket);
  return accepted;
}

}  // namespace podium::testing
