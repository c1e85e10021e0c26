#include "libs/chassis/retry_delay.hpp"

#include <algorithm>
#include <random>

namespace podium {

using std::chrono::milliseconds;

std::chrono::milliseconds retry_delay(std::uint64_t tries, const RetryDelays& delays,
                                      double chance) {
  auto delay = delays.first;
  for (std::uint64_t tried = 1; tried < tries && delay < delays.longest; ++tried) delay *= 2;
  const auto longest = static_cast<double>(std::min(delay, delays.longest).count());
  return milliseconds{static_cast<milliseconds::rep>(longest * (1 - chance / 4))};
}

std::chrono::milliseconds retry_delay(std::uint64_t tries, const RetryDelays& delays) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return retry_delay(tries, delays, std::uniform_real_distribution{0.0, 1.0}(random));
}

}  // namespace podium
