// MailSender over SMTP.
#pragma once

#include <utility>

#include "libs/chassis/http/mail.hpp"
#include "services/notifier/ports.hpp"

namespace podium::notifier {

class SmtpMailSender final : public MailSender {
 public:
  /// `from` is the envelope's sender.
  SmtpMailSender(MailServer server, std::string from)
      : server_{std::move(server)}, from_{std::move(from)} {}
  Result<void> send(const std::string& to, const std::string& message,
                    std::stop_token stop) override;

 private:
  MailServer server_;
  std::string from_;
};

}  // namespace podium::notifier
