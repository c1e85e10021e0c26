// The HTTP server. Requests are read by a strict reader of our own that refuses what cpp-httplib
// 0.41 handles badly (transfer encodings, content encodings, control characters, encoded slashes,
// too many headers) before routing; the library writes the answers (response_writer.cpp is its one
// door). Every error is answered as problem+json (RFC 9457). Slow clients hold a descriptor, not a
// thread; answers that stay open are counted apart from those that end. Each request is a server
// span, each answer is counted in podium_http_request_duration_seconds. Handlers run on the
// server's threads, several at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium {

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  /// 0 takes a free port; see HttpServer::port().
  int port = 0;
  /// Threads beside those of streams_max. They are made when they are needed.
  int requests_max = 64;
  /// Answers that stay open (event streams, uploads) at once; beyond: 503 with Retry-After.
  int streams_max = 256;
  /// Requests that wait for a thread; beyond: 503 with Retry-After.
  int queue_max = 256;
  /// Open connections; beyond: 503 and closed.
  int connections_max = 1024;
  /// Of ordinary routes; uploads have their own.
  std::uint64_t body_bytes_max = 1024 * 1024;
  /// For the head; a body gets as much more as it needs at 16 KiB a second.
  std::chrono::milliseconds read_timeout{10'000};
  /// For the client to take an answer, with as much more as its length needs at 16 KiB a second; of
  /// an open stream for each piece.
  std::chrono::milliseconds write_timeout{10'000};
  /// Patterns that make no spans, because they are asked every few seconds.
  std::vector<std::string> untraced{"/livez", "/readyz", "/metrics"};
};

struct HttpRequest {
  std::string method{};
  /// Decoded path, without query. Holds no control character, dot segment or encoded slash.
  std::string path{};
  /// What the pattern's `{name}` parts matched.
  std::map<std::string, std::string> parameters{};
  std::multimap<std::string, std::string> query{};
  /// Names in lower case.
  std::multimap<std::string, std::string> headers{};
  std::string body{};
  std::string remote_address{};
  /// Of the request's server span, to hand on; empty on untraced routes. GET and HEAD are recorded
  /// only when the client sends a sampled `traceparent` of its own: they are asked again and again
  /// and lead nowhere. The client's own `traceparent` is a link of that span.
  std::string traceparent{};
  /// Set when the server is to stop: a handler that waits then returns.
  std::stop_token stop{};

  /// The first value of a header; empty when it is not there.
  std::string header(std::string_view lower_case_name) const;
  /// The first value of a name in the query.
  std::optional<std::string> query_value(std::string_view name) const;
};

/// Writes a piece of a streamed answer; false when the client has gone or the server stops. An
/// empty piece writes nothing and only asks.
using HttpSink = std::function<bool(std::string_view piece)>;

/// Every answer gets X-Content-Type-Options: nosniff and the span's traceparent, HTML a
/// Content-Security-Policy of 'self', where the handler has not set its own. With an ETag,
/// If-None-Match is answered 304.
struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string content_type = "application/json";
  std::string body{};
  /// Streams the answer instead of `body`; runs until it returns. Needs a stream's place.
  std::function<void(const HttpSink& sink)> stream{};
  /// A file-like answer of known length: called with offset and length, and gives at most so many
  /// bytes and at least one. Serves ranges. An error cuts the answer short and closes the
  /// connection.
  std::function<Result<std::string>(std::uint64_t offset, std::uint64_t length)> content{};
  std::uint64_t content_bytes = 0;
};

/// An RFC 9457 answer: type (`urn:podium:problem:CODE`), title (the code's sentence), status,
/// detail, code; 429 and 503 with Retry-After. The server adds instance and trace_id where they are
/// missing.
HttpResponse problem(const Error& error, std::string_view trace_id = {});
HttpResponse problem(int status, std::string_view code, std::string_view title,
                     std::string_view detail, std::string_view trace_id = {});

class HttpServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest& request)>;
  /// Gets every well-formed request before its handler, unknown addresses included; an answer ends
  /// it there.
  using Gate = std::function<std::optional<HttpResponse>(const HttpRequest& request)>;
  /// Takes each piece of a body; false ends the reading.
  using BodyPiece = std::function<bool(std::string_view piece)>;
  /// Reads the body to its end and hands it on in pieces of at most 64 KiB; false when the client
  /// has gone or was too slow, or the receiver wanted no more. Call at most once; never called, the
  /// body is not read and the connection ends after the answer.
  using ReadBody = std::function<bool(const BodyPiece& take)>;
  /// Takes an upload's body in pieces, without ever holding the whole. Needs a stream's place and a
  /// Content-Length (411 without, 413 above `body_bytes_max`).
  struct UploadHandler {
    std::uint64_t body_bytes_max = 0;
    std::function<HttpResponse(const HttpRequest& request, const ReadBody& read_body)> handle{};
  };

  explicit HttpServer(HttpServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// `pattern` is a path with `{name}` for one segment: "/jobs/{id}/cancel". HEAD is answered by
  /// GET handlers. Add all routes before start().
  void route(std::string_view method, std::string_view pattern, Handler handler);
  void route_upload(std::string_view method, std::string_view pattern, UploadHandler handler);
  void set_gate(Gate gate);

  /// Binds and serves from threads of its own. UNAVAILABLE when the port is taken.
  Result<void> start();
  int port() const;
  /// Every route as "METHOD /path", for the test that holds the API description to the code.
  std::vector<std::string> routes() const;
  /// Stops listening, ends streams, lets requests under way finish within `timeout`, then cuts
  /// their connections. False when it had to. The destructor stops as well, and waits for every
  /// handler.
  bool stop(std::chrono::milliseconds timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace podium
