#include "services/executor/slots.hpp"

#include <algorithm>

namespace podium::executor {

bool SlotAccount::try_take(const v1::RunLimits& limits) {
  const std::scoped_lock lock{mutex_};
  const auto free = free_locked();
  const bool fits = free.slots > 0 && limits.cpu_milli() <= free.cpu_milli &&
                    sandbox_memory_bytes(limits) <= free.memory_bytes;
  if (!fits && taken_.slots > 0) return false;
  add_locked(limits, 1);
  return true;
}

void SlotAccount::take(const v1::RunLimits& limits) {
  const std::scoped_lock lock{mutex_};
  add_locked(limits, 1);
}

void SlotAccount::give_back(const v1::RunLimits& limits) {
  const std::scoped_lock lock{mutex_};
  add_locked(limits, -1);
}

bool SlotAccount::has_room() const {
  const std::scoped_lock lock{mutex_};
  if (taken_.slots == 0) return true;
  const auto free = free_locked();
  const auto slots = static_cast<std::uint32_t>(capacity_.slots);
  return free.slots > 0 && free.cpu_milli >= capacity_.cpu_milli / slots &&
         free.memory_bytes >= capacity_.memory_bytes / slots;
}

SlotAccount::Free SlotAccount::free() const {
  const std::scoped_lock lock{mutex_};
  return free_locked();
}

SlotAccount::Free SlotAccount::free_locked() const {
  const auto left = [](auto total, std::int64_t taken) {
    return std::max<std::int64_t>(static_cast<std::int64_t>(total) - taken, 0);
  };
  return {.slots = std::max(capacity_.slots - taken_.slots, 0),
          .cpu_milli = static_cast<std::uint32_t>(left(capacity_.cpu_milli, taken_.cpu_milli)),
          .memory_bytes =
              static_cast<std::uint64_t>(left(capacity_.memory_bytes, taken_.memory_bytes))};
}

void SlotAccount::add_locked(const v1::RunLimits& limits, int sign) {
  taken_.slots += sign;
  taken_.cpu_milli += sign * static_cast<std::int64_t>(limits.cpu_milli());
  taken_.memory_bytes += sign * static_cast<std::int64_t>(sandbox_memory_bytes(limits));
}

}  // namespace podium::executor
