// How long what failed waits for its next try. Thread-safe: each thread draws its own chances.
#pragma once

#include <chrono>
#include <cstdint>

namespace podium {

/// Between two tries of one thing.
struct RetryDelays {
  std::chrono::milliseconds first;
  std::chrono::milliseconds longest;
};

/// `first` after the first try, doubling to `longest`, less up to a quarter: `chance` in [0, 1)
/// spreads what failed together.
std::chrono::milliseconds retry_delay(std::uint64_t tries, const RetryDelays& delays,
                                      double chance);

/// The same with a random chance.
std::chrono::milliseconds retry_delay(std::uint64_t tries, const RetryDelays& delays);

}  // namespace podium
