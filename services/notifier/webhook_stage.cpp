#include "services/notifier/webhook_stage.hpp"

#include <utility>

#include "services/notifier/outcome.hpp"
#include "services/notifier/webhook_body.hpp"

namespace podium::notifier {
namespace {

constexpr std::string_view kWebhookChannel = "webhook";

}  // namespace

WebhookStage::WebhookStage(JobRequests& requests, WebhookCaller& caller, LinkOptions links,
                           Secret key, Clock clock)
    : requests_{requests},
      caller_{caller},
      links_{std::move(links)},
      key_{std::move(key)},
      clock_{std::move(clock)} {}

Result<Events> WebhookStage::handle(const v1::Event& ended, StageContext& context) {
  const auto requested = PODIUM_TRY(requests_.find(ended.job_id()));
  if (!requested || requested->requested().options().notify_webhook().empty()) return Events{};
  const auto end = job_end_of(*requested, ended, links_, clock_());
  if (is_too_old(end.ended_at, clock_())) return give_up(kWebhookChannel, "it ended long ago");
  WebhookCall call;
  call.url = requested->requested().options().notify_webhook();
  call.body = webhook_body(end);
  call.signature = webhook_signature(call.body, clock_(), key_);
  return settle(kWebhookChannel, caller_.call(call, context.stop()), end.ended_at, clock_());
}

}  // namespace podium::notifier
