// Kaggle and its storage as two HTTP servers in a test's own process, told by the test what to say.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libs/chassis/http/server.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"

namespace podium::scraper::testing {

class KaggleServers : public ::testing::Test {
 protected:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  KaggleServers() {
    api_ = serve("POST", "/v1/{service}/{method}", [this](const HttpRequest& request) {
      note(request);
      return on_call(request);
    });
    storage_ = serve("GET", "/{name}", [this](const HttpRequest& request) {
      note(request);
      return on_storage(request);
    });
  }

  /// A client that never waits; the waits that it would have made are kept.
  KaggleClient client() {
    return KaggleClient{{.url = url_of(*api_) + "/v1", .authorization = Secret{"Bearer a-token"}},
                        [this](std::chrono::milliseconds wait, const std::stop_token& stop) {
                          waits.push_back(wait);
                          return !stop.stop_requested();
                        }};
  }
  std::string storage_host() const { return "127.0.0.1:" + std::to_string(storage_->port()); }
  std::string storage_url(const std::string& path) const {
    return "http://" + storage_host() + path;
  }

  static HttpResponse json_answer(int status, std::string body) {
    return {.status = status, .content_type = "application/json", .body = std::move(body)};
  }
  static HttpResponse redirect(const std::string& location) {
    HttpResponse answer;
    answer.status = 302;
    answer.headers = {{"Location", location}};
    return answer;
  }

  Handler on_call = [](const HttpRequest&) { return json_answer(200, "{}"); };
  Handler on_storage = [](const HttpRequest&) { return json_answer(200, "{}"); };
  std::vector<std::chrono::milliseconds> waits;
  std::vector<HttpRequest> requests;

 private:
  static std::unique_ptr<HttpServer> serve(const std::string& method, const std::string& path,
                                           Handler handler) {
    auto server = std::make_unique<HttpServer>(HttpServerOptions{});
    server->route(method, path, std::move(handler));
    EXPECT_TRUE(server->start());
    return server;
  }
  void note(const HttpRequest& request) {
    const std::scoped_lock lock{mutex_};
    requests.push_back(request);
  }
  static std::string url_of(const HttpServer& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
  }

  std::mutex mutex_;
  std::unique_ptr<HttpServer> api_;
  std::unique_ptr<HttpServer> storage_;
};

}  // namespace podium::scraper::testing
