#include <format>
#include <nlohmann/json.hpp>
#include <ranges>

#include "cli/doctor.hpp"
#include "cli/json_fields.hpp"
#include "libs/chassis/http/client.hpp"
#include "libs/chassis/http/credential.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;
using State = Finding::State;

/// All checks of a service run at once, each within kCredentialCheckMax.
constexpr std::chrono::milliseconds kAnswerMax = 2 * kCredentialCheckMax;

/// What is not set up is a note: a stack may well do without it.
State state_of(std::string_view told) {
  if (told == to_string(CredentialState::accepted)) return State::ok;
  return told == to_string(CredentialState::not_configured) ? State::warning : State::bad;
}

Finding finding_of(const json& credential) {
  const auto told = text_at(credential, "/state");
  return {.part = text_at(credential, "/name"),
          .state = state_of(told),
          .detail = std::format("{}: {}", told, text_at(credential, "/detail")),
          .mend = text_at(credential, "/next_step")};
}

std::vector<Finding> look_at_service(const std::string& url, const std::string& command) {
  const auto answer = send_http({.url = url + "/credentials", .total_timeout = kAnswerMax});
  if (!answer) {
    return {{"credentials", State::bad, url + " does not answer", command + " up starts it again"}};
  }
  const auto told = json::parse(answer->body, nullptr, false);
  if (!told.is_object() || !told.contains("credentials")) {
    return {{"credentials", State::unseen,
             std::format("{} answers {}; try again in a moment", url, answer->status), ""}};
  }
  std::vector<Finding> findings;
  for (const auto& credential : list_at(told, "/credentials"))
    findings.push_back(finding_of(credential));
  return findings;
}

}  // namespace

std::vector<Finding> look_at_credentials(const std::string& urls, const std::string& command) {
  if (urls.empty()) {
    return {{"credentials", State::unseen, "the services' addresses are not known here", ""}};
  }
  std::vector<Finding> findings;
  for (const auto url : std::views::split(urls, ',')) {
    const auto found = look_at_service(std::string{std::string_view{url}}, command);
    findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
}

}  // namespace podium::cli
