// Mails who asked for it that a job has ended: ended -> a mail.
#pragma once

#include <string>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "services/notifier/job_end.hpp"
#include "services/notifier/ports.hpp"

namespace podium::notifier {

struct MailOptions {
  /// Address of the sender; empty when no mail server is set up, and then nothing is sent.
  std::string from;
};

/// At least once: a crash after the mail server has taken the mail sends it again, with the same
/// Message-ID.
class MailStage {
 public:
  MailStage(JobRequests& requests, MailSender& sender, LinkOptions links, MailOptions options,
            Clock clock);

  Result<Events> handle(const v1::Event& ended, StageContext& context);

 private:
  JobRequests& requests_;
  MailSender& sender_;
  LinkOptions links_;
  MailOptions options_;
  Clock clock_;
};

}  // namespace podium::notifier
