#include "tests/pipeline/jaeger.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <format>
#include <stdexcept>
#include <tuple>

#include "tests/pipeline/docker.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kStartMax{30};

/// So that 127.0.0.1 is the same for the test and for Jaeger.
std::string shared_network() {
  if (const char* network = std::getenv("PODIUM_TEST_NETWORK")) return network;
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return std::string{"container:"} + host;
}

std::string local(int port) {
  return std::format("127.0.0.1:{}", port);
}

}  // namespace

Jaeger::Jaeger() : otlp_port_{free_port()}, query_port_{free_port()} {
  const char* image = std::getenv("PODIUM_TEST_JAEGER_IMAGE");
  if (image == nullptr) throw std::runtime_error{"PODIUM_TEST_JAEGER_IMAGE is not set"};
  const json body = {
      {"Image", image},
      {"Cmd",
       {"--collector.otlp.enabled=true", "--collector.otlp.http.host-port=" + local(otlp_port_),
        "--collector.otlp.grpc.host-port=" + local(free_port()),
        "--collector.grpc-server.host-port=" + local(free_port()),
        "--collector.http-server.host-port=" + local(free_port()),
        "--query.http-server.host-port=" + local(query_port_),
        "--query.grpc-server.host-port=" + local(free_port()),
        "--admin.http.host-port=" + local(free_port()), "--memory.max-traces=1000"}},
      {"Labels", {{"podium.test", "jaeger"}}},
      {"HostConfig", {{"NetworkMode", shared_network()}}}};
  const auto made = docker("POST", "/containers/create", body);
  if (!made || made->status != 201) {
    throw std::runtime_error{"Jaeger: " + (made ? made->body : made.error().text())};
  }
  container_ = json::parse(made->body).at("Id");
  std::ignore = docker("POST", "/containers/" + container_ + "/start");
  if (!wait_until([this] { return accepts_connections(otlp_port_); }, kStartMax)) {
    throw std::runtime_error{"Jaeger does not take spans"};
  }
}

Jaeger::~Jaeger() {
  std::ignore = docker("DELETE", "/containers/" + container_ + "?force=1&v=1");
}

std::string Jaeger::endpoint() const {
  return "http://" + local(otlp_port_);
}

json Jaeger::trace(const std::string& id) const {
  HttpCall call;
  call.url = std::format("http://{}/api/traces/{}", local(query_port_), id);
  const auto answer = send_http(call);
  if (!answer || answer->status != 200) return json::object();
  return json::parse(answer->body).at("data").at(0);
}

}  // namespace podium::testing
