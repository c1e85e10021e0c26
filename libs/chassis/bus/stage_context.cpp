#include "libs/chassis/bus/stage_context.hpp"

namespace podium {

Result<void> HandlingContext::emit(const v1::Event& event, bool rate_limited) {
  if (rate_limited && !is_due(event_name(event))) return {};
  PODIUM_TRY(publisher_.publish(event, traces_.process));
  return {};
}

bool HandlingContext::is_due(const std::string& name) {
  const auto now = Clock::now();
  const std::scoped_lock lock{mutex_};
  const auto [last, first_time] = emitted_.try_emplace(name, now);
  if (first_time) return true;
  if (now - last->second < kEmitInterval) return false;
  last->second = now;
  return true;
}

}  // namespace podium
