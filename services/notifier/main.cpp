// Composition root of the notifier: the only place where its ports meet their adapters.
#include <functional>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/service.hpp"
#include "services/notifier/adapters/bus_job_requests.hpp"
#include "services/notifier/adapters/http_webhook_caller.hpp"
#include "services/notifier/adapters/smtp_mail_sender.hpp"
#include "services/notifier/config.hpp"
#include "services/notifier/credentials.hpp"
#include "services/notifier/mail_stage.hpp"
#include "services/notifier/webhook_stage.hpp"

int main() {
  namespace notifier = podium::notifier;
  return podium::run_service("notifier", [](podium::Service& service) -> podium::Result<void> {
    const auto config = PODIUM_TRY(notifier::load_config(service.environment()));
    auto* bus = PODIUM_TRY(service.bus());
    notifier::BusJobRequests requests{*bus};
    notifier::SmtpMailSender sender{config.mail_server, config.mail.from};
    notifier::HttpWebhookCaller caller{config.private_webhooks};
    notifier::MailStage mail{requests, sender, config.links, config.mail, podium::now};
    notifier::WebhookStage webhook{requests, caller, config.links, config.webhook_key, podium::now};
    service.add(notifier::mail_options(config), mail);
    service.add(notifier::webhook_options(config), webhook);
    service.add_credential("smtp",
                           std::bind_front(notifier::check_mail_server, config.mail_server));
    return service.run_until_signalled();
  });
}
