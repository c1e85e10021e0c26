// The credentials of a service, checked when a person asks (`podium doctor`) and told as JSON by
// its health server. What was found is kept for a while, so that nobody can use it to hammer a
// vendor. Owned by the service; thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/http/credential.hpp"
#include "libs/chassis/http/server.hpp"

namespace podium {

/// How long a report is given again without a further check.
inline constexpr std::chrono::seconds kCredentialsKept{60};

/// One harmless call within kCredentialCheckMax; ends at once when stopped.
using CredentialCheck = std::function<CredentialFinding(const std::stop_token&)>;

class CredentialChecks {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit CredentialChecks(Clock clock = [] { return std::chrono::steady_clock::now(); })
      : clock_{std::move(clock)} {}

  /// `credential` is what a person calls it, such as `kaggle`. Before the first report only.
  void add(std::string credential, CredentialCheck check);
  /// Ends checks under way: the service drains.
  void stop() { stop_.request_stop(); }

  /// {"service", "credentials": [{"name", "state", "detail", "next_step"}]}, of all checks at once.
  /// 503 with Retry-After while another request has them checked.
  HttpResponse report(std::string_view service);

 private:
  std::string check(std::string_view service);

  Clock clock_;
  std::stop_source stop_;
  std::vector<std::pair<std::string, CredentialCheck>> checks_;
  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::string kept_;
  std::chrono::steady_clock::time_point kept_until_{};
};

}  // namespace podium
