// What the notifier needs from outside. Adapters stand in adapters/.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"

namespace podium::notifier {

using Clock = std::function<TimePoint()>;

/// What was asked of a job. Thread-safe; repeating is safe.
class JobRequests {
 public:
  virtual ~JobRequests() = default;
  /// The job's `requested` event; nullopt when it is not kept any more. UNAVAILABLE.
  virtual Result<std::optional<v1::Event>> find(std::string_view job_id) = 0;
};

/// Gives mails to a mail server. Thread-safe. A repeat sends the mail again.
class MailSender {
 public:
  virtual ~MailSender() = default;
  /// `message` is the whole mail, headers included. Errors of disposition reject are final.
  virtual Result<void> send(const std::string& to, const std::string& message,
                            std::stop_token stop) = 0;
};

struct WebhookCall {
  std::string url;
  /// JSON.
  std::string body;
  /// Value of the header Podium-Signature.
  std::string signature;
};

/// Calls receivers that strangers have named. Thread-safe. A repeat calls again.
class WebhookCaller {
 public:
  virtual ~WebhookCaller() = default;
  /// Success for 2xx; WEBHOOK_GONE for 410, WEBHOOK_FAILED for any other answer, and the errors of
  /// send_http().
  virtual Result<void> call(const WebhookCall& call, std::stop_token stop) = 0;
};

}  // namespace podium::notifier
