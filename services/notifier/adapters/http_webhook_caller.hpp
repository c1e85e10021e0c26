// WebhookCaller over HTTP: no redirects, no proxy, little patience, to public addresses only unless
// allowed.
#pragma once

#include "services/notifier/ports.hpp"

namespace podium::notifier {

class HttpWebhookCaller final : public WebhookCaller {
 public:
  /// `private_allowed`: addresses inside networks may be called, too.
  explicit HttpWebhookCaller(bool private_allowed) : private_allowed_{private_allowed} {}
  Result<void> call(const WebhookCall& call, std::stop_token stop) override;

 private:
  bool private_allowed_;
};

}  // namespace podium::notifier
