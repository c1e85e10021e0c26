#include "services/notifier/config.hpp"

#include <algorithm>

#include "libs/chassis/http/url.hpp"
#include "libs/chassis/signed_link.hpp"
#include "libs/chassis/streams.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {
namespace {

using std::chrono::milliseconds;

void read_mail(Environment& environment, Config& config) {
  auto& server = config.mail_server;
  server.url = environment.text("PODIUM_SMTP_URL", "");
  server.user = environment.text("PODIUM_SMTP_USER", "");
  server.password = environment.secret("PODIUM_SMTP_PASSWORD");
  server.plain_allowed = environment.boolean("PODIUM_SMTP_PLAIN", false);
  server.authorities = environment.secret("PODIUM_SMTP_CA").reveal();
  config.mail.from = environment.text("PODIUM_MAIL_FROM", "");
  if (server.url.empty()) {
    config.mail.from.clear();
    return;
  }
  const auto url = parse_url(server.url);
  if (!url || (url->scheme != "smtp" && url->scheme != "smtps") || url->has_user) {
    environment.problem("PODIUM_SMTP_URL", "must be smtp://host:port or smtps://host:port");
  }
  if (!is_mail_address(config.mail.from)) {
    environment.problem("PODIUM_MAIL_FROM", "must be the mail address of the sender");
  }
}

void read_links(Environment& environment, Config& config) {
  auto& links = config.links;
  links.public_url = environment.text("PODIUM_PUBLIC_URL", "http://127.0.0.1:8080");
  while (links.public_url.ends_with('/')) links.public_url.pop_back();
  if (!is_http_url(links.public_url)) {
    environment.problem("PODIUM_PUBLIC_URL", "must be the http(s) address of the gateway");
  }
  links.key = environment.secret("PODIUM_LINK_KEY");
  if (links.key.reveal().size() < kLinkKeyBytesMin) {
    environment.problem("PODIUM_LINK_KEY", "is missing or shorter than 16 characters");
  }
  links.time = environment.duration("PODIUM_LINK_TIME", kLinkTimeDefault);
  if (links.time < std::chrono::minutes{1} || links.time > kFileTimeMax) {
    environment.problem("PODIUM_LINK_TIME", "must lie between 1m and 7d");
  }
}

StageOptions options_of(const char* name, const char* durable, const Config& config) {
  return {.name = name,
          .stream = std::string{streams::kJobs},
          .durable = durable,
          .workers = config.workers,
          .retry_delay_first = kRetryDelayFirst,
          .retry_delay_max = kRetryDelayMax};
}

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  read_mail(environment, config);
  read_links(environment, config);
  config.webhook_key = environment.secret("PODIUM_WEBHOOK_KEY");
  if (config.webhook_key.reveal().size() < kLinkKeyBytesMin) {
    environment.problem("PODIUM_WEBHOOK_KEY", "is missing or shorter than 16 characters");
  }
  config.private_webhooks = environment.boolean("PODIUM_WEBHOOK_PRIVATE", false);
  config.workers =
      static_cast<int>(environment.integer("PODIUM_NOTIFY_WORKERS", config.workers, 1, 64));
  PODIUM_TRY(environment.check());
  return config;
}

StageOptions mail_options(const Config& config) {
  return options_of("mail", "notifier-email", config);
}

StageOptions webhook_options(const Config& config) {
  return options_of("webhook", "notifier-webhook", config);
}

}  // namespace podium::notifier
