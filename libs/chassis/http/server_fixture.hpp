// The server that the tests of this folder talk to. Test code.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/http/test_sockets.hpp"

namespace podium::testing_support {

class ServerFixture : public testing::Test {
 protected:
  /// Makes the server with a few routes; a test adds its own before start().
  void make(HttpServerOptions options = {}) {
    server = std::make_unique<HttpServer>(std::move(options));
    server->route("GET", "/hello", [](const HttpRequest&) {
      return HttpResponse{.content_type = "text/plain", .body = "hello"};
    });
    server->route("POST", "/echo", [](const HttpRequest& request) {
      return HttpResponse{.status = 201, .content_type = "text/plain", .body = request.body};
    });
  }
  void start() { ASSERT_TRUE(server->start()); }
  void make_and_start(HttpServerOptions options = {}) {
    make(std::move(options));
    start();
  }

  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + std::string{path};
  }
  TestSocket connect() const { return TestSocket::connect(server->port()); }
  /// Sends bytes on a connection of its own and reads one answer.
  std::string exchange(std::string_view bytes) const {
    TestSocket socket = connect();
    socket.send(bytes);
    return socket.read_http_message();
  }
  HttpAnswer get(std::string_view path) const { return send_http({.url = url(path)}).value(); }

  static int status_of(std::string_view answer) {
    return answer.size() < 12 ? 0 : std::stoi(std::string{answer.substr(9, 3)});
  }
  static nlohmann::json body_of(std::string_view answer) {
    return nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  }

  std::unique_ptr<HttpServer> server;
};

}  // namespace podium::testing_support
