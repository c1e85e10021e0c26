#include "libs/chassis/bus/retry_delay.hpp"

#include <algorithm>
#include <random>

#include "libs/chassis/bus/stage_runner.hpp"

namespace podium {

using std::chrono::milliseconds;

std::chrono::milliseconds retry_delay(std::uint64_t deliveries, double chance) {
  auto delay = kRetryDelayFirst;
  for (std::uint64_t tried = 1; tried < deliveries && delay < kRetryDelayMax; ++tried) delay *= 2;
  const auto longest = static_cast<double>(std::min(delay, kRetryDelayMax).count());
  return milliseconds{static_cast<milliseconds::rep>(longest * (1 - chance / 4))};
}

std::chrono::milliseconds retry_delay(std::uint64_t deliveries) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return retry_delay(deliveries, std::uniform_real_distribution{0.0, 1.0}(random));
}

}  // namespace podium
