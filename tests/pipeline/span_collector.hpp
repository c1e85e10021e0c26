// Takes the spans that services export, and keeps them as they came: OTLP over HTTP, on a free port
// of 127.0.0.1. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "libs/chassis/http/server.hpp"

namespace podium::testing {

class SpanCollector {
 public:
  SpanCollector();
  ~SpanCollector();
  SpanCollector(const SpanCollector&) = delete;
  SpanCollector& operator=(const SpanCollector&) = delete;

  /// For OTEL_EXPORTER_OTLP_ENDPOINT.
  std::string url() const;
  /// All exports so far, as bytes of Protobuf, in which texts stand as they are.
  std::string received();

 private:
  std::mutex mutex_;
  /// Guarded by mutex_.
  std::string received_;
  HttpServer server_;
};

}  // namespace podium::testing
