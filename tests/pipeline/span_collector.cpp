#include "tests/pipeline/span_collector.hpp"

#include <format>

namespace podium::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kExportBytesMax = 16ULL << 20;

}  // namespace

SpanCollector::SpanCollector() : server_{{.body_bytes_max = kExportBytesMax}} {
  server_.route("POST", "/v1/traces", [this](const HttpRequest& request) {
    const std::scoped_lock lock{mutex_};
    received_ += request.body;
    return HttpResponse{.content_type = "application/x-protobuf", .body = ""};
  });
  server_.start().value();
}

SpanCollector::~SpanCollector() {
  server_.stop(1s);
}

std::string SpanCollector::url() const {
  return std::format("http://127.0.0.1:{}", server_.port());
}

std::string SpanCollector::received() {
  const std::scoped_lock lock{mutex_};
  return received_;
}

}  // namespace podium::testing
