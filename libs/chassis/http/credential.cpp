#include "libs/chassis/http/credential.hpp"

#include <format>

#include "libs/chassis/http/url.hpp"

namespace podium {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

/// Stands for what is left out.
constexpr std::string_view kLeftOut = "…";

}  // namespace

std::string without_secret(std::string words, std::string_view secret) {
  if (secret.empty()) return words;
  for (auto at = words.find(secret); at != std::string::npos;
       at = words.find(secret, at + kLeftOut.size())) {
    words.replace(at, secret.size(), kLeftOut);
  }
  return words;
}

std::string_view to_string(CredentialState state) {
  switch (state) {
    case CredentialState::not_configured:
      return "not_configured";
    case CredentialState::accepted:
      return "accepted";
    case CredentialState::refused:
      return "refused";
    case CredentialState::unreachable:
      break;
  }
  return "unreachable";
}

CredentialFinding finding_of(std::string_view url, const Result<HttpAnswer>& answer,
                             std::string mend) {
  const auto parts = parse_url(url);
  const std::string host = parts ? parts->host : "the vendor";
  if (!answer) {
    return {.state = CredentialState::unreachable,
            .detail = std::format("{} does not answer ({})", host, answer.error().code->name),
            .next_step = "check the address and this machine's network, then try again"};
  }
  const auto told = std::format("{} answers {}", host, answer->status);
  if (answer->status >= 200 && answer->status < 300) {
    return {.state = CredentialState::accepted, .detail = told};
  }
  if (answer->status == kUnauthorized || answer->status == kForbidden) {
    return {.state = CredentialState::refused, .detail = told, .next_step = std::move(mend)};
  }
  return {.state = CredentialState::unreachable,
          .detail = told,
          .next_step = "try again in a while; if it stays so, check the address"};
}

}  // namespace podium
