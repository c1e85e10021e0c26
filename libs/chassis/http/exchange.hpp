// Answers one arrived request: gate, route, handler, and what every answer has in common. Owned by
// the server; what it refers to must outlive it and not change. Thread-safe: many workers call it
// at once, each with a request of its own.
#pragma once

#include <semaphore>
#include <stop_token>

#include "libs/chassis/http/connection_loop.hpp"
#include "libs/chassis/http/response_writer.hpp"
#include "libs/chassis/http/router.hpp"
#include "libs/chassis/http/server.hpp"

namespace podium::http {

class RequestRecord;

class Exchanges {
 public:
  Exchanges(const HttpServerOptions& options, const Router& router, const HttpServer::Gate& gate);

  /// Where the body of a request goes, for the connection loop.
  ConnectionLoop::BodyPlan plan(const RequestHead& head) const;
  /// Answers; what is to become of the connection.
  ConnectionLoop::Next serve(ArrivedRequest& arrived);
  /// Ends open streams; answers from now on close their connection.
  void stop() { stop_.request_stop(); }

 private:
  class StreamPlace;
  struct Exchange;

  HttpRequest make_request(ArrivedRequest& arrived) const;
  HttpResponse answer(Exchange& exchange);
  HttpResponse call_handler(Exchange& exchange);
  HttpResponse call_upload(Exchange& exchange, const HttpServer::UploadHandler& upload);
  HttpResponse refuse(const Exchange& exchange, const Error& error) const;
  void complete(const Exchange& exchange, HttpResponse& response) const;

  const HttpServerOptions& options_;
  const Router& router_;
  const HttpServer::Gate& gate_;
  std::counting_semaphore<> stream_places_;
  std::stop_source stop_;
  ResponseWriter writer_;
};

}  // namespace podium::http
