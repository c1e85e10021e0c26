// A model provider over HTTP, of any wire format: builds the request, streams the answer, tells
// errors apart, and adapts the parameters of a request that is refused. Thread-safe; what it learns
// of a model is shared by all its callers.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "libs/chassis/environment.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_endpoint.hpp"
#include "services/codegen/models/model_limits.hpp"
#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

struct HttpModelEndpointOptions {
  /// For logs and reports: "anthropic", "openai", "company gateway".
  std::string name{};
  /// As the wire format wants it, with or without a slash at its end.
  std::string base_url{};
  /// May be empty: local servers want none.
  Secret key{};
  /// Between two bytes of an answer. A smaller one fails sooner when a stream stalls, and fails
  /// models that think long without a word.
  std::chrono::milliseconds idle_timeout = kIdleTimeout;
  /// HTTPS_PROXY, HTTP_PROXY and NO_PROXY count.
  bool proxy_from_environment = true;
};

class HttpModelEndpoint final : public ModelEndpoint {
 public:
  /// `clock` must outlive it.
  HttpModelEndpoint(HttpModelEndpointOptions options, std::unique_ptr<const WireFormat> wire,
                    ModelClock& clock);

  /// A request that is refused for a parameter is changed and sent again, at most
  /// kAdaptationsMax times; refused requests cost nothing.
  ModelAttempt attempt(const ModelRequest& request, const OnProgress& on_progress) override;
  std::string_view name() const override { return options_.name; }

 private:
  struct Exchange;
  Exchange exchange(const ModelRequest& request, const RequestShape& shape,
                    const OnProgress& on_progress) const;
  ModelAttempt settle(const ModelRequest& request, Exchange exchange) const;
  RequestShape shape_for(const std::string& model);
  void remember(const std::string& model, const RequestShape& shape);

  HttpModelEndpointOptions options_;
  std::unique_ptr<const WireFormat> wire_;
  ModelClock& clock_;
  std::mutex mutex_;
  /// What each model takes; under mutex_.
  std::map<std::string, RequestShape> shapes_;
};

}  // namespace podium::codegen::models
