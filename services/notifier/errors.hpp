// The errors that only the notifier can say. Constants.
#pragma once

#include "libs/chassis/result.hpp"

namespace podium::notifier::errors {

inline constexpr ErrorCode kWebhookFailed{
    "WEBHOOK_FAILED", Disposition::retry, 502,
    "The webhook's receiver did not answer with 2xx; it is called again, for a day."};
inline constexpr ErrorCode kWebhookGone{
    "WEBHOOK_GONE", Disposition::reject, 410,
    "The webhook's receiver answered 410: it is never called again for this job."};

}  // namespace podium::notifier::errors
