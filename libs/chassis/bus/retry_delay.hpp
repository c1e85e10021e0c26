// How long an event waits for its next try. Thread-safe: each thread draws its own chances.
#pragma once

#include <chrono>
#include <cstdint>

namespace podium {

/// Between two tries of one event.
struct RetryDelays {
  std::chrono::milliseconds first;
  std::chrono::milliseconds longest;
};

/// `first` after the first delivery, doubling to `longest`, less up to a quarter: `chance` in
/// [0, 1) spreads events that failed together.
std::chrono::milliseconds retry_delay(std::uint64_t deliveries, const RetryDelays& delays,
                                      double chance);

/// The same with a random chance.
std::chrono::milliseconds retry_delay(std::uint64_t deliveries, const RetryDelays& delays);

}  // namespace podium
