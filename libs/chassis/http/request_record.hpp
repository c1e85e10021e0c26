// What is remembered of one request: its server span, its log scope, its time. Used by one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/http/server.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/trace.hpp"

namespace podium::http {

class RequestRecord {
 public:
  /// `pattern` is the route's, empty when there is none. Untraced requests make no span;
  /// GET and HEAD make one that is recorded only when the client's own trace is.
  RequestRecord(const HttpRequest& request, std::string_view pattern, bool traced,
                std::string_view server_address);

  std::string traceparent() const { return span_.traceparent(); }
  std::string trace_id() const { return span_.trace_id(); }
  /// The answer is known, or has gone out: ends the span and counts. The first call counts.
  void end(int status);

 private:
  std::string method_;
  std::string route_;
  Span span_;
  std::optional<LogScope> scope_;
  std::chrono::steady_clock::time_point begin_;
  bool ended_ = false;
};

}  // namespace podium::http
