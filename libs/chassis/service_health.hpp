// What a service says about its own health: the checks, their report, and the small server that
// answers /livez, /readyz, /metrics and /credentials. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/chassis/credential_checks.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

class ServiceHealth {
 public:
  using Check = std::function<Result<void>()>;

  explicit ServiceHealth(std::string service) : service_{std::move(service)} {}

  void add_check(std::string name, Check check);
  /// From now on the report is 503, and checks of credentials end.
  void set_draining();

  /// {"service", "status": ready | not_ready | draining, "checks": [{"name", "ok", "detail"}]}; 503
  /// unless ready. Runs the checks, one after the other.
  HttpResponse report();

  /// Told by /credentials.
  CredentialChecks& credentials() { return credentials_; }
  const std::string& service() const { return service_; }

 private:
  std::string service_;
  std::atomic<bool> draining_ = false;
  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::vector<std::pair<std::string, Check>> checks_;
  CredentialChecks credentials_;
};

/// Reads PODIUM_HEALTH_HOST (127.0.0.1) and PODIUM_HEALTH_PORT (9090; 0 takes a free one).
HttpServerOptions read_health_options(Environment& environment);

/// Adds /livez (which asks nobody), /readyz, /metrics and /credentials.
void add_health_routes(HttpServer& server, ServiceHealth& health);

}  // namespace podium
