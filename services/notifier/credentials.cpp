#include "services/notifier/credentials.hpp"

#include <format>
#include <string>

#include "libs/chassis/http/vendor_calls.hpp"

namespace podium::notifier {

CredentialFinding check_mail_server(const MailServer& server, const std::stop_token& stop) {
  if (server.url.empty()) {
    return {.state = CredentialState::not_configured,
            .detail = "no mail server; jobs that ask for mail are told so",
            .next_step = "set PODIUM_SMTP_URL in .env"};
  }
  const auto answer =
      sign_in({.server = server, .total_timeout = kCredentialCheckMax, .stop = stop});
  const auto code = answer ? std::to_string(*answer) : std::string{answer.error().code->name};
  count_vendor_call({.vendor = "smtp", .operation = "credentials"}, code);
  if (!answer) {
    return {.state = CredentialState::unreachable,
            .detail = std::format("{}: {}", server.url, answer.error().text()),
            .next_step = "check PODIUM_SMTP_URL, PODIUM_SMTP_CA and this machine's network"};
  }
  const bool taken = *answer < 300;
  return {.state = taken ? CredentialState::accepted : CredentialState::refused,
          .detail = std::format("{} answers {}{}", server.url, code,
                                taken && server.user.empty() ? " without a password" : ""),
          .next_step = taken ? ""
                             : "correct PODIUM_SMTP_USER and PODIUM_SMTP_PASSWORD in .env, then "
                               "./podium up"};
}

}  // namespace podium::notifier
