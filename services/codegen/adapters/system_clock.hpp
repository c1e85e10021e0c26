// Clock of this host. Stateless, thread-safe.
#pragma once

#include <chrono>

#include "services/codegen/ports.hpp"

namespace podium::codegen {

class SystemClock final : public Clock {
 public:
  TimePoint now() override { return std::chrono::system_clock::now(); }
};

/// The one that a process needs.
inline Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace podium::codegen
