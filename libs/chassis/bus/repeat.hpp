// Repeating what has no known outcome. Stateless: any thread, which then waits.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include "libs/chassis/result.hpp"

namespace podium {

inline constexpr std::chrono::milliseconds kRepeatDelayFirst{50};
inline constexpr std::chrono::milliseconds kRepeatDelayMax{1'000};

/// Calls `attempt` again, with growing delay, while it fails with UNAVAILABLE and `total` is not
/// over; gives back its last result. Only for what is safe to repeat.
template <typename Attempt>
auto repeat_while_unavailable(std::chrono::milliseconds total, const Attempt& attempt) {
  const auto until = std::chrono::steady_clock::now() + total;
  auto delay = kRepeatDelayFirst;
  for (;;) {
    auto outcome = attempt();
    const bool unknown = !outcome && outcome.error().is(errors::kUnavailable);
    if (!unknown || std::chrono::steady_clock::now() + delay > until) return outcome;
    std::this_thread::sleep_for(delay);
    delay = std::min(delay * 2, kRepeatDelayMax);
  }
}

}  // namespace podium
