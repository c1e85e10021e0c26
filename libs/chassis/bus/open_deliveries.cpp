#include "libs/chassis/bus/open_deliveries.hpp"

#include <chrono>

#include "libs/chassis/log.hpp"

namespace podium {
namespace {

void warn_of(const Result<void>& sent, std::string_view what) {
  if (!sent) log_warning(what, {{"error", sent.error().text()}});
}

}  // namespace

void OpenDeliveries::add(Delivery& delivery) {
  const std::scoped_lock lock{mutex_};
  open_.insert(&delivery);
}

bool OpenDeliveries::take_out(Delivery& delivery) {
  const std::scoped_lock lock{mutex_};
  return open_.erase(&delivery) == 1;
}

void OpenDeliveries::beat() {
  const std::scoped_lock lock{mutex_};
  for (auto* const delivery : open_) warn_of(delivery->in_progress(), "a beat was not sent");
}

std::size_t OpenDeliveries::hand_back() {
  const std::scoped_lock lock{mutex_};
  for (auto* const delivery : open_) {
    warn_of(delivery->retry_after(std::chrono::milliseconds::zero()),
            "an event was not handed back and waits for its AckWait");
  }
  const auto count = open_.size();
  open_.clear();
  return count;
}

}  // namespace podium
