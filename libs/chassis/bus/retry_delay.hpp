// How long an event waits for its next try. Thread-safe: each thread draws its own chances.
#pragma once

#include <chrono>
#include <cstdint>

namespace podium {

/// 250 ms after the first delivery, doubling to 30 s (kRetryDelayFirst, kRetryDelayMax), less up to
/// a quarter: `chance` in [0, 1) spreads events that failed together.
std::chrono::milliseconds retry_delay(std::uint64_t deliveries, double chance);

/// The same with a random chance.
std::chrono::milliseconds retry_delay(std::uint64_t deliveries);

}  // namespace podium
