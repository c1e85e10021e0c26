// Whether a failed call is worth repeating at the same provider, and after how long. Pure.
#pragma once

#include <chrono>
#include <optional>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/rate_limits.hpp"

namespace podium::codegen::models {

/// The delay before the next try; nullopt when there is to be none: the error stays, the vendor
/// says so, kTriesMax are done (`tries` counts those so far, from 1), or the vendor asks for a
/// longer wait than kWaitMax. A wait that the vendor names is kept, and lengthened by up to a
/// quarter; else the delay doubles with each try, half of it by chance. `chance` is in [0, 1).
std::optional<std::chrono::milliseconds> repeat_delay(const Error& error, const RateLimits& rates,
                                                      int tries, double chance);

/// The provider wants fewer calls, not only this one later.
bool is_throttled(const Error& error);

}  // namespace podium::codegen::models
