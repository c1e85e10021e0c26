// The time and the waiting of the model providers, so that tests wait for nothing. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "libs/chassis/clock.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {

class ModelClock {
 public:
  virtual ~ModelClock() = default;
  virtual SteadyTime now() = 0;
  /// For the times of day that vendors write into headers.
  virtual TimePoint wall_now() = 0;
  /// Waits until `until`, a notification of `changed` or a stop request, whichever is first.
  virtual void wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                    const std::stop_token& stop, SteadyTime until) = 0;
};

/// The machine's own clocks.
class SystemModelClock final : public ModelClock {
 public:
  SteadyTime now() override;
  TimePoint wall_now() override;
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
            const std::stop_token& stop, SteadyTime until) override;
};

}  // namespace podium::codegen::models
