#include "libs/chassis/http/request_record.hpp"

#include <algorithm>
#include <array>

#include "libs/chassis/metrics.hpp"

namespace podium::http {
namespace {

constexpr Metric kDuration{"podium_http_request_duration_seconds", "Time to answer a request."};
constexpr int kServerErrors = 500;

// Methods become names and labels; what a client makes up must not.
std::string known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                     "PATCH", "DELETE", "OPTIONS"};
  return std::ranges::find(kMethods, method) != kMethods.end() ? std::string{method} : "_OTHER";
}

// Semantic conventions: "METHOD /route", the method alone where no route was found.
std::string span_name(std::string_view method, std::string_view pattern) {
  std::string name{method == "_OTHER" ? "HTTP" : method};
  if (!pattern.empty()) name.append(" ").append(pattern);
  return name;
}

// Reads are asked again and again and lead nowhere; recorded, they would drive the traces of jobs
// out of a collector that keeps only so many. A client that records its own trace wants ours too.
std::string parent_of(const HttpRequest& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool recorded = !reads || is_sampled(request.header("traceparent"));
  return recorded ? std::string{} : unsampled_traceparent();
}

}  // namespace

RequestRecord::RequestRecord(const HttpRequest& request, std::string_view pattern, bool traced,
                             std::string_view server_address)
    : method_{known_method(request.method)},
      route_{pattern.empty() ? "none" : pattern},
      begin_{std::chrono::steady_clock::now()} {
  if (!traced) return;
  span_ = start_span(span_name(method_, pattern), SpanKind::server, parent_of(request),
                     {{"http.request.method", method_},
                      {"url.path", request.path},
                      {"url.scheme", "http"},
                      {"server.address", server_address},
                      {"client.address", request.remote_address},
                      {"user_agent.original", request.header("user-agent")}},
                     request.header("traceparent"));
  if (!pattern.empty()) span_.set("http.route", pattern);
  scope_.emplace("", span_.trace_id(), span_.span_id());
}

void RequestRecord::end(int status) {
  if (ended_) return;
  ended_ = true;
  const std::string code = std::to_string(status);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
  observe_seconds(kDuration, taken.count(),
                  {{"route", route_}, {"method", method_}, {"code", code}});
  span_.set("http.response.status_code", status);
  if (status >= kServerErrors) span_.fail(code, "answered " + code);
  span_.end();
  log_debug(
      "answered",
      {{"method", method_}, {"route", route_}, {"status", status}, {"seconds", taken.count()}});
}

}  // namespace podium::http
