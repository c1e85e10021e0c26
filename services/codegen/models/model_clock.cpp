#include "services/codegen/models/model_clock.hpp"

#include <algorithm>
#include <utility>

namespace podium::codegen::models {
namespace {

/// Longest single sleep: some libraries overflow on the end of time.
constexpr std::chrono::minutes kSleepMax{10};

}  // namespace

SteadyTime SystemModelClock::now() {
  return std::chrono::steady_clock::now();
}

TimePoint SystemModelClock::wall_now() {
  return std::chrono::system_clock::now();
}

void SystemModelClock::wait(std::unique_lock<std::mutex>& lock,
                            std::condition_variable_any& changed, const std::stop_token& stop,
                            SteadyTime until) {
  // Asked once before it sleeps, then after each notification.
  bool asleep = false;
  changed.wait_until(lock, stop, std::min(until, now() + kSleepMax),
                     [&] { return std::exchange(asleep, true); });
}

}  // namespace podium::codegen::models
