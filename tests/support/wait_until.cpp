#include "tests/support/wait_until.hpp"

#include <algorithm>
#include <thread>

namespace podium::testing {

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  constexpr Clock::duration kPauseMin = std::chrono::milliseconds{5};
  constexpr Clock::duration kPauseMax = std::chrono::milliseconds{100};
  const auto start = Clock::now();
  while (!condition()) {
    const auto waited = Clock::now() - start;
    if (waited >= timeout) return false;
    std::this_thread::sleep_for(std::clamp(waited / 10, kPauseMin, kPauseMax));
  }
  return true;
}

}  // namespace podium::testing
