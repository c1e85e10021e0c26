#include "libs/chassis/credential_checks.hpp"

#include <exception>
#include <future>
#include <nlohmann/json.hpp>

namespace podium {
namespace {

CredentialFinding found_by(const CredentialCheck& check, const std::stop_token& stop) {
  try {
    return check(stop);
  } catch (const std::exception&) {
    // What it says may quote what was sent.
    return {.state = CredentialState::unreachable,
            .detail = "the check broke off",
            .next_step = "see the service's log"};
  }
}

}  // namespace

void CredentialChecks::add(std::string credential, CredentialCheck check) {
  checks_.emplace_back(std::move(credential), std::move(check));
}

HttpResponse CredentialChecks::report(std::string_view service) {
  const std::unique_lock lock{mutex_, std::try_to_lock};
  HttpResponse response;
  response.headers.emplace_back("Cache-Control", "no-store");
  if (!lock.owns_lock()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(kCredentialCheckMax);
    response.status = 503;
    response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
    response.body = "{\"status\":\"checking\"}\n";
    return response;
  }
  if (kept_.empty() || clock_() >= kept_until_) {
    kept_ = check(service);
    kept_until_ = clock_() + kCredentialsKept;
  }
  response.body = kept_;
  return response;
}

std::string CredentialChecks::check(std::string_view service) {
  std::vector<std::future<CredentialFinding>> findings;
  findings.reserve(checks_.size());
  for (const auto& [name, check] : checks_) {
    findings.push_back(
        std::async(std::launch::async, found_by, std::cref(check), stop_.get_token()));
  }
  auto list = nlohmann::ordered_json::array();
  for (std::size_t at = 0; at < checks_.size(); ++at) {
    const auto finding = findings[at].get();
    list.push_back({{"name", checks_[at].first},
                    {"state", to_string(finding.state)},
                    {"detail", finding.detail},
                    {"next_step", finding.next_step}});
  }
  const nlohmann::ordered_json body{{"service", service}, {"credentials", std::move(list)}};
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace podium
