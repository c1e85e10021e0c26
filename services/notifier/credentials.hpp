// The credentials that the notifier holds, for `podium doctor`.
#pragma once

#include <stop_token>

#include "libs/chassis/http/credential.hpp"
#include "libs/chassis/http/mail.hpp"

namespace podium::notifier {

/// Signs in at the mail server and sends no mail.
CredentialFinding check_mail_server(const MailServer& server, const std::stop_token& stop);

}  // namespace podium::notifier
