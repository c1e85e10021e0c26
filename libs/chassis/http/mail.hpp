// Sends one mail to a mail server: SMTP (RFC 5321) over libcurl, with TLS. Thread-safe: one
// connection per call.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

namespace errors {
inline constexpr ErrorCode kMailRefused{
    "MAIL_REFUSED", Disposition::reject, 502,
    "The mail server refused the mail for good; the detail has its answer."};
}  // namespace errors

struct MailServer {
  /// smtp://host:587 (STARTTLS before anything else) or smtps://host:465 (TLS from the beginning).
  std::string url{};
  /// Both empty where the server asks for no password.
  std::string user{};
  Secret password{};
  /// Goes on without TLS where a server of smtp:// offers none; the password is readable then.
  bool plain_allowed = false;
  /// Certificate authorities (PEM) instead of the system's; empty takes those.
  std::string authorities{};
};

struct MailCall {
  MailServer server{};
  /// Addresses of the envelope, without angle brackets.
  std::string from{};
  std::string to{};
  /// The whole message: headers, an empty line, the body; line ends are CRLF.
  std::string message{};
  std::chrono::milliseconds connect_timeout{10'000};
  /// Of the whole exchange.
  std::chrono::milliseconds total_timeout{60'000};
  /// Ends the call with STOPPED within about a second.
  std::stop_token stop{};
};

struct MailLogin {
  MailServer server{};
  /// Of the whole exchange.
  std::chrono::milliseconds total_timeout{10'000};
  /// Ends the call with STOPPED within about a second.
  std::stop_token stop{};
};

/// Signs in and says nothing but NOOP and QUIT: no mail. What the server answered: 250, or the code
/// with which it refused the password (RFC 4954, section 6). UNAVAILABLE where neither came,
/// TIMEOUT, STOPPED. Safe to repeat.
Result<int> sign_in(const MailLogin& login);

/// True for one plain mailbox in ASCII with a dotted domain; whether it exists, only sending shows
/// (RFC 5321, section 3.3).
bool is_mail_address(std::string_view text);

/// Success once the server has taken the mail over. MAIL_REFUSED when it answered 5xx to an address
/// or to the mail itself; UNAVAILABLE for everything that may be mended (4xx, no connection, no
/// TLS, a password that is refused); TIMEOUT, STOPPED; INVALID for an address that is none. A
/// repeat sends another mail: after UNAVAILABLE or TIMEOUT the first may have arrived.
Result<void> send_mail(const MailCall& call);

}  // namespace podium
