// What a webhook is sent, and how it shows who sent it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/notifier/job_end.hpp"

namespace podium::notifier {

/// JSON with the names that GET /status uses; schemas/openapi.yaml describes it.
std::string webhook_body(const JobEnd& end);

/// `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over "<t>.<body>". A receiver that refuses an old `t`
/// cannot be fed a call that somebody has kept.
std::string webhook_signature(std::string_view body, TimePoint now, const Secret& key);

}  // namespace podium::notifier
