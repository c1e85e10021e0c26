#include "tests/pipeline/jaeger.hpp"

#include <chrono>
#include <cstdlib>
#include <format>
#include <stdexcept>

#include "tests/pipeline/docker.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_run.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kStartMax{30};

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
      {"Labels", {{"podium.stack", named_after_run("jaeger")}}},
      {"HostConfig", {{"NetworkMode", shared_network()}}}};
  container_ = start_container(body);
  if (!wait_until([this] { return accepts_connections(otlp_port_); }, kStartMax)) {
    throw std::runtime_error{"Jaeger does not take spans"};
  }
}

Jaeger::~Jaeger() {
  remove_container(container_);
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
