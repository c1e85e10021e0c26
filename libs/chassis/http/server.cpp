#include "libs/chassis/http/server.hpp"

#include <exception>
#include <utility>

#include "libs/chassis/http/connection_loop.hpp"
#include "libs/chassis/http/exchange.hpp"
#include "libs/chassis/http/router.hpp"
#include "libs/chassis/http/worker_pool.hpp"
#include "libs/chassis/log.hpp"

namespace podium {
namespace {

std::string first_value(const std::multimap<std::string, std::string>& values,
                        std::string_view name) {
  const auto found = values.find(std::string{name});
  return found == values.end() ? std::string{} : found->second;
}

}  // namespace

std::string HttpRequest::header(std::string_view lower_case_name) const {
  return first_value(headers, lower_case_name);
}

std::optional<std::string> HttpRequest::query_value(std::string_view name) const {
  const auto found = query.find(std::string{name});
  if (found == query.end()) return std::nullopt;
  return found->second;
}

struct HttpServer::State {
  explicit State(HttpServerOptions given)
      : options{std::move(given)},
        exchanges{options, router, gate},
        loop{options,
             {.plan = [this](const http::RequestHead& head) { return exchanges.plan(head); },
              .serve =
                  [this](http::ArrivedRequest&& arrived) { return submit(std::move(arrived)); }}},
        workers{static_cast<std::size_t>(options.requests_max + options.streams_max),
                static_cast<std::size_t>(options.queue_max)} {}

  // The task is copyable because std::function asks for it; the request moves in only when it is
  // sure to be run.
  bool submit(http::ArrivedRequest&& arrived) {
    auto kept = std::make_shared<http::ArrivedRequest>(std::move(arrived));
    if (workers.try_submit([this, kept] { serve(*kept); })) return true;
    arrived = std::move(*kept);
    return false;
  }

  void serve(http::ArrivedRequest& arrived) {
    auto next = http::ConnectionLoop::Next::close;
    try {
      next = exchanges.serve(arrived);
    } catch (const std::exception& error) {
      log_error("a request could not be answered", {{"detail", error.what()}});
    }
    loop.give_back(std::move(arrived.connection), next);
  }

  // In the order of their dependence: workers end first, then the loop.
  const HttpServerOptions options;
  http::Router router{};
  Gate gate{};
  http::Exchanges exchanges;
  http::ConnectionLoop loop;
  http::WorkerPool workers;
};

HttpServer::HttpServer(HttpServerOptions options)
    : state_{std::make_unique<State>(std::move(options))} {}

HttpServer::~HttpServer() {
  stop(std::chrono::milliseconds{0});
}

void HttpServer::route(std::string_view method, std::string_view pattern, Handler handler) {
  state_->router.add({.method = std::string{method},
                      .pattern = std::string{pattern},
                      .kind = http::Route::Kind::plain,
                      .body_bytes_max = state_->options.body_bytes_max,
                      .handler = std::move(handler)});
}

void HttpServer::route_upload(std::string_view method, std::string_view pattern,
                              UploadHandler handler) {
  state_->router.add({.method = std::string{method},
                      .pattern = std::string{pattern},
                      .kind = http::Route::Kind::upload,
                      .body_bytes_max = handler.body_bytes_max,
                      .upload = std::move(handler)});
}

void HttpServer::set_gate(Gate gate) {
  state_->gate = std::move(gate);
}

Result<void> HttpServer::start() {
  return state_->loop.start();
}

int HttpServer::port() const {
  return state_->loop.port();
}

std::vector<std::string> HttpServer::routes() const {
  return state_->router.names();
}

bool HttpServer::stop(std::chrono::milliseconds timeout) {
  state_->exchanges.stop();
  return state_->loop.stop(timeout);
}

}  // namespace podium
