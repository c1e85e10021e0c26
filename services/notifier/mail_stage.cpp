#include "services/notifier/mail_stage.hpp"

#include <utility>

#include "services/notifier/mail_text.hpp"
#include "services/notifier/outcome.hpp"

namespace podium::notifier {
namespace {

constexpr std::string_view kMailChannel = "email";

}  // namespace

MailStage::MailStage(JobRequests& requests, MailSender& sender, LinkOptions links,
                     MailOptions options, Clock clock)
    : requests_{requests},
      sender_{sender},
      links_{std::move(links)},
      options_{std::move(options)},
      clock_{std::move(clock)} {}

Result<Events> MailStage::handle(const v1::Event& ended, StageContext& context) {
  const auto requested = PODIUM_TRY(requests_.find(ended.job_id()));
  if (!requested || requested->requested().options().notify_email().empty()) return Events{};
  // Who asked was told so at once: see the gateway's warning.
  if (options_.from.empty()) return give_up(kMailChannel, "no mail server is set up");
  const auto end = job_end_of(*requested, ended, links_, clock_());
  if (is_too_old(end.ended_at, clock_())) return give_up(kMailChannel, "it ended long ago");
  const MailAddresses addresses{.from = options_.from,
                                .to = requested->requested().options().notify_email()};
  const auto sent = sender_.send(addresses.to, mail_text(end, addresses, clock_()), context.stop());
  return settle(kMailChannel, sent, end.ended_at, clock_());
}

}  // namespace podium::notifier
