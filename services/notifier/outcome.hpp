// What follows from a try to tell somebody: done, once more, or given up. Counts and logs it.
// Thread-safe.
#pragma once

#include <string_view>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/result.hpp"

namespace podium::notifier {

/// True when an end is so old that nobody is told any more (kTryTimeMax).
bool is_too_old(TimePoint ended_at, TimePoint now);

/// Success ends it. An error that a repeat may mend comes back, so that the runner tries again; one
/// that it cannot, and any once the end is too old, is given up: that is no failure of the job.
/// `channel` is email or webhook.
Result<Events> settle(std::string_view channel, const Result<void>& told, TimePoint ended_at,
                      TimePoint now);

/// Counts and logs that nobody is told, and why.
Events give_up(std::string_view channel, std::string_view why);

}  // namespace podium::notifier
