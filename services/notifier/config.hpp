// Settings of the notifier, read once at the start.
#pragma once

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/mail.hpp"
#include "libs/chassis/result.hpp"
#include "services/notifier/job_end.hpp"
#include "services/notifier/mail_stage.hpp"

namespace podium::notifier {

struct Config {
  /// PODIUM_SMTP_URL, PODIUM_SMTP_USER, PODIUM_SMTP_PASSWORD, PODIUM_SMTP_PLAIN, PODIUM_SMTP_CA.
  MailServer mail_server;
  /// PODIUM_MAIL_FROM; needed where there is a mail server.
  MailOptions mail;
  /// PODIUM_PUBLIC_URL, PODIUM_LINK_KEY, PODIUM_LINK_TIME.
  LinkOptions links;
  /// PODIUM_WEBHOOK_KEY.
  Secret webhook_key;
  /// PODIUM_WEBHOOK_PRIVATE: webhooks may lead inside networks.
  bool private_webhooks = false;
  /// PODIUM_NOTIFY_WORKERS: mails, and calls, under way at once.
  int workers = 8;
};

/// Reads the settings; every bad one is in the error.
Result<Config> load_config(Environment& environment);

/// The stages' consumers; made by the set-up step from schemas/streams.json.
StageOptions mail_options(const Config& config);
StageOptions webhook_options(const Config& config);

}  // namespace podium::notifier
