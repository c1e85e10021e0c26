#include "services/scraper/kaggle/kaggle_credential_check.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "libs/chassis/version.hpp"
#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;

constexpr auto kMend =
    "make a new token at https://www.kaggle.com/settings, put it into .env as KAGGLE_API_TOKEN, "
    "then ./podium up";

HttpCall question(const std::string& url, const KaggleCredentials& credentials,
                  const std::stop_token& stop) {
  const bool has_token = !credentials.token.empty();
  HttpCall call;
  call.method = "POST";
  call.url = std::format(
      "{}/{}", url,
      has_token ? "security.OAuthService/IntrospectToken" : "api.v1.DiagnosticsService/Hello");
  call.headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"},
                  {"User-Agent", std::format("podium/{}", version())},
                  {"Authorization", credentials.authorization().reveal()}};
  call.body = has_token ? json{{"token", credentials.token.reveal()}}.dump() : "{}";
  call.connect_timeout = kCredentialCheckMax;
  call.total_timeout = kCredentialCheckMax;
  call.response_bytes_max = kKaggleAnswerBytesMax;
  call.stop = stop;
  call.proxy_from_environment = true;
  return call;
}

/// Kaggle may say no with 200, and tells of an unknown token nothing at all.
bool knows_us(const HttpAnswer& answer, bool has_token) {
  if (problem_in(answer.status, answer.body)) return false;
  const auto told = json::parse(answer.body, nullptr, false);
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
