#include "libs/chassis/http/exchange.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "libs/chassis/http/http_errors.hpp"
#include "libs/chassis/http/http_metrics.hpp"
#include "libs/chassis/http/problem.hpp"
#include "libs/chassis/http/request_record.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"

namespace podium::http {
namespace {

constexpr Metric kStreams{"podium_http_streams", "Answers that stay open."};
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kOk = 200;
constexpr int kNotModified = 304;

bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (is_same_name(key, name)) return value;
  }
  return {};
}

void set_default(HttpResponse& response, std::string_view name, std::string_view value) {
  if (value.empty() || !header_of(response, name).empty()) return;
  response.headers.emplace_back(name, value);
}

// The client has this very version (RFC 9110, section 13.1.2).
bool has_not_changed(const HttpRequest& request, const HttpResponse& response) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const std::string known = request.header("if-none-match");
  const std::string tag = header_of(response, "etag");
  if (!reads || response.status != kOk || tag.empty() || known.empty()) return false;
  return known == "*" || known.find(tag) != std::string::npos;
}

// A range is served where the client means this version of a file; else it gets the whole.
std::string range_of(const HttpRequest& request, const HttpResponse& response) {
  constexpr std::string_view kAllowed = "bytes=0123456789-, ";
  const std::string range = request.header("range");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || !response.content || response.status != kOk || !range.starts_with("bytes=") ||
      range.find_first_not_of(kAllowed) != std::string::npos) {
    return {};
  }
  const std::string only_if = request.header("if-range");
  return only_if.empty() || only_if == header_of(response, "etag") ? range : std::string{};
}

}  // namespace

// A place among the answers that stay open; empty when there was none.
class Exchanges::StreamPlace {
 public:
  explicit StreamPlace(std::counting_semaphore<>& places)
      : places_{places.try_acquire() ? &places : nullptr} {
    if (places_ != nullptr) gauge_add(kStreams, 1);
  }
  ~StreamPlace() {
    if (places_ == nullptr) return;
    gauge_add(kStreams, -1);
    places_->release();
  }
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;

  explicit operator bool() const { return places_ != nullptr; }

 private:
  std::counting_semaphore<>* places_;
};

struct Exchanges::Exchange {
  ArrivedRequest& arrived;
  HttpRequest request;
  Result<RouteMatch> match;
  RequestRecord& record;
  std::optional<StreamPlace> place{};
  /// Of an upload's body, what the handler has not read.
  std::uint64_t unread_bytes = 0;
};

Exchanges::Exchanges(const HttpServerOptions& options, const Router& router,
                     const HttpServer::Gate& gate)
    : options_{options}, router_{router}, gate_{gate}, stream_places_{options.streams_max} {}

ConnectionLoop::BodyPlan Exchanges::plan(const RequestHead& head) const {
  const auto match = router_.find(head.method, head.path);
  if (!match) return {.bytes_max = options_.body_bytes_max};
  const Route& route = *match->route;
  return {.bytes_max = route.body_bytes_max, .read_first = route.kind != Route::Kind::upload};
}

ConnectionLoop::Next Exchanges::serve(ArrivedRequest& arrived) {
  HttpRequest request = make_request(arrived);
  auto match = arrived.refusal ? Result<RouteMatch>{std::unexpected{*arrived.refusal}}
                               : router_.find(request.method, request.path);
  const std::string pattern = match ? match->route->pattern : "";
  const bool traced = std::ranges::find(options_.untraced, pattern) == options_.untraced.end();
  RequestRecord record{request, pattern, traced, options_.host};
  request.traceparent = record.traceparent();
  Exchange exchange{.arrived = arrived,
                    .request = std::move(request),
                    .match = std::move(match),
                    .record = record};

  HttpResponse response = answer(exchange);
  if (response.stream && !exchange.place) {
    exchange.place.emplace(stream_places_);
    if (!*exchange.place) response = refuse(exchange, {&errors::kBusy, "too many open answers"});
  }
  complete(exchange, response);

  const bool close = arrived.refusal || arrived.head.wants_close || exchange.unread_bytes > 0 ||
                     stop_.stop_requested();
  // An open stream would keep its span for hours; it is answered when it begins.
  if (response.stream) record.end(response.status);
  const Written written = writer_.write(*arrived.connection, response,
                                        {.head_only = exchange.request.method == "HEAD",
                                         .range = range_of(exchange.request, response),
                                         .close = close,
                                         .is_http_1_0 = arrived.head.is_http_1_0,
                                         .timeout = options_.write_timeout,
                                         .stop = stop_.get_token()});
  record.end(written.status);
  if (!written.complete) return ConnectionLoop::Next::close;
  return close ? ConnectionLoop::Next::linger : ConnectionLoop::Next::keep;
}

HttpRequest Exchanges::make_request(ArrivedRequest& arrived) const {
  HttpRequest request{.method = arrived.head.method,
                      .path = arrived.head.path,
                      .query = std::move(arrived.head.query),
                      .headers = std::move(arrived.head.headers),
                      .remote_address = arrived.connection->remote_address(),
                      .stop = stop_.get_token()};
  std::string& buffer = arrived.connection->buffer();
  request.body = buffer.substr(0, arrived.body_bytes);
  buffer.erase(0, arrived.body_bytes);
  return request;
}

HttpResponse Exchanges::answer(Exchange& exchange) {
  if (exchange.arrived.refusal) return refuse(exchange, *exchange.arrived.refusal);
  try {
    const bool is_upload = exchange.match && exchange.match->route->kind == Route::Kind::upload;
    if (is_upload) exchange.unread_bytes = exchange.arrived.head.content_length.value_or(0);
    if (gate_) {
      if (auto response = gate_(exchange.request)) return *std::move(response);
    }
    if (!exchange.match) return refuse(exchange, exchange.match.error());
    exchange.request.parameters = exchange.match->parameters;
    return call_handler(exchange);
  } catch (const std::exception& error) {
    log_error("a handler threw", {{"path", exchange.request.path}, {"detail", error.what()}});
    return refuse(exchange, {&errors::kInternal, "the handler of this address failed"});
  }
}

HttpResponse Exchanges::call_handler(Exchange& exchange) {
  const Route& route = *exchange.match->route;
  if (route.kind == Route::Kind::plain) return route.handler(exchange.request);
  exchange.place.emplace(stream_places_);
  if (!*exchange.place) return refuse(exchange, {&errors::kBusy, "too many open answers"});
  return call_upload(exchange, route.upload);
}

HttpResponse Exchanges::call_upload(Exchange& exchange, const HttpServer::UploadHandler& upload) {
  if (!exchange.arrived.head.content_length) {
    return refuse(exchange, {&errors::kLengthRequired, "an upload needs Content-Length"});
  }
  HttpConnection& connection = *exchange.arrived.connection;
  const auto read_body = [&](const HttpServer::BodyPiece& take) {
    if (exchange.arrived.head.expects_continue && connection.buffer().empty()) {
      connection.write_continue();
    }
    Pace pace{options_.read_timeout};
    std::array<char, kPieceBytes> piece;
    while (exchange.unread_bytes > 0) {
      const auto room = std::min<std::uint64_t>(piece.size(), exchange.unread_bytes);
      const std::size_t got = connection.read(piece.data(), room, pace);
      if (got == 0) return false;
      exchange.unread_bytes -= got;
      if (!take({piece.data(), got})) return false;
    }
    return true;
  };
  return upload.handle(exchange.request, read_body);
}

HttpResponse Exchanges::refuse(const Exchange& exchange, const Error& error) const {
  HttpResponse response = problem(error);
  if (error.is(errors::kMethodNotAllowed)) {
    response.headers.emplace_back("Allow", router_.allowed(exchange.request.path));
  }
  if (error.is(errors::kBusy)) count(kRequestsShed, {{"reason", "BUSY"}});
  return response;
}

void Exchanges::complete(const Exchange& exchange, HttpResponse& response) const {
  if (is_problem(response)) {
    complete_problem(response, exchange.request.path, exchange.record.trace_id());
  }
  if (has_not_changed(exchange.request, response)) {
    response.status = kNotModified;
    response.body.clear();
    response.stream = nullptr;
    response.content = nullptr;
  }
  set_default(response, "X-Content-Type-Options", "nosniff");
  set_default(response, "traceparent", exchange.request.traceparent);
  if (response.content_type.starts_with("text/html")) {
    set_default(response, "Content-Security-Policy", "default-src 'self'");
  }
}

}  // namespace podium::http
