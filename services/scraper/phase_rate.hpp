// How fast a phase gets on, of how far it is told to be. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace podium::scraper {

class PhaseRate {
 public:
  using Clock = std::chrono::steady_clock;

  /// Per second, over the last time of kRateWindow or longer; 0 while nothing has come for so long,
  /// and of a phase that is begun anew.
  std::uint64_t add(std::string_view phase, std::uint64_t done, Clock::time_point now);

 private:
  std::string phase_;
  /// Where the window begins: when the first of the phase was there, later at the last rate.
  std::uint64_t done_ = 0;
  Clock::time_point at_;
  std::uint64_t rate_ = 0;
};

}  // namespace podium::scraper
