#include "services/notifier/adapters/smtp_mail_sender.hpp"

#include "services/notifier/limits.hpp"

namespace podium::notifier {

Result<void> SmtpMailSender::send(const std::string& to, const std::string& message,
                                  std::stop_token stop) {
  return send_mail({.server = server_,
                    .from = from_,
                    .to = to,
                    .message = message,
                    .connect_timeout = kMailConnectMax,
                    .total_timeout = kMailTimeMax,
                    .stop = std::move(stop)});
}

}  // namespace podium::notifier
