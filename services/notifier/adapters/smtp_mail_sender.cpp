#include "services/notifier/adapters/smtp_mail_sender.hpp"

#include "libs/chassis/http/vendor_calls.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {

Result<void> SmtpMailSender::send(const std::string& to, const std::string& message,
                                  std::stop_token stop) {
  auto sent = send_mail({.server = server_,
                         .from = from_,
                         .to = to,
                         .message = message,
                         .connect_timeout = kMailConnectMax,
                         .total_timeout = kMailTimeMax,
                         .stop = std::move(stop)});
  // A mail server says 250 to what it takes over (RFC 5321, section 4.2).
  count_vendor_call({.vendor = "smtp", .operation = "mail"},
                    sent ? "250" : sent.error().code->name);
  return sent;
}

}  // namespace podium::notifier
