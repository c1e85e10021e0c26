#include "services/scraper/phase_rate.hpp"

#include "services/scraper/limits.hpp"

namespace podium::scraper {

std::uint64_t PhaseRate::add(std::string_view phase, std::uint64_t done, Clock::time_point now) {
  // What passes before the first of it comes is no time in which it came.
  if (phase != phase_ || done < done_ || done_ == 0) {
    phase_ = phase;
    done_ = done;
    at_ = now;
    rate_ = 0;
    return rate_;
  }
  const auto passed = now - at_;
  if (passed < kRateWindow) return rate_;
  const auto seconds = std::chrono::duration<double>(passed).count();
  rate_ = static_cast<std::uint64_t>(static_cast<double>(done - done_) / seconds);
  done_ = done;
  at_ = now;
  return rate_;
}

}  // namespace podium::scraper
