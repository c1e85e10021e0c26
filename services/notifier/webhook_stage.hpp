// Calls the webhook that a job's request named once the job has ended: ended -> POST.
#pragma once

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/event.hpp"
#include "services/notifier/job_end.hpp"
#include "services/notifier/ports.hpp"

namespace podium::notifier {

/// At least once: a crash after the receiver's answer calls it again, with the same `id`.
class WebhookStage {
 public:
  /// `key` signs the calls.
  WebhookStage(JobRequests& requests, WebhookCaller& caller, LinkOptions links, Secret key,
               Clock clock);

  Result<Events> handle(const v1::Event& ended, StageContext& context);

 private:
  JobRequests& requests_;
  WebhookCaller& caller_;
  LinkOptions links_;
  Secret key_;
  Clock clock_;
};

}  // namespace podium::notifier
