#include "services/scraper/kaggle/kaggle_credential_check.hpp"

#include <nlohmann/json.hpp>

#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;

constexpr auto kMend =
    "make a new token at https://www.kaggle.com/settings, put it into .env as KAGGLE_API_TOKEN, "
    "then ./podium up";

HttpCall question(const std::string& url, const KaggleCredentials& credentials,
                  const std::stop_token& stop) {
  const KaggleEndpoint endpoint{.url = url, .authorization = credentials.authorization()};
  auto call = credentials.token.empty()
                  ? kaggle_call(endpoint, "api.v1.DiagnosticsService/Hello", json::object(), stop)
                  : kaggle_call(endpoint, "security.OAuthService/IntrospectToken",
                                {{"token", credentials.token.reveal()}}, stop);
  call.connect_timeout = kCredentialCheckMax;
  call.total_timeout = kCredentialCheckMax;
  return call;
}

/// Kaggle may say no with 200, and tells of an unknown token nothing at all.
bool knows_us(const HttpAnswer& answer, bool has_token) {
  if (problem_in(answer.status, answer.body)) return false;
  const auto told = parse_answer(answer.body);
  return told.is_object() &&
         (has_token ? flag_in(told, "active") : !text_in(told, "userName").empty());
}

}  // namespace

CredentialFinding check_kaggle_credentials(const std::string& url,
                                           const KaggleCredentials& credentials,
                                           const std::stop_token& stop) {
  if (credentials.empty()) {
    return {.state = CredentialState::not_configured,
            .detail = "no Kaggle token; bundled competitions and folders work without",
            .next_step = "for Kaggle's own competitions set KAGGLE_API_TOKEN in .env"};
  }
  const bool has_token = !credentials.token.empty();
  const auto answer = send_to_kaggle(question(url, credentials, stop), "credentials");
  auto finding = finding_of(url, answer, kMend);
  if (!answer) return finding;
  // An unknown token may be answered 400 or 404 too.
  const bool about_token = has_token && (answer->status == 400 || answer->status == 404);
  const bool is_answer = finding.state == CredentialState::accepted || about_token;
  if (is_answer && !knows_us(*answer, has_token)) {
    finding.state = CredentialState::refused;
    finding.detail += ", but knows no such credentials";
    finding.next_step = kMend;
  }
  return finding;
}

}  // namespace podium::scraper
