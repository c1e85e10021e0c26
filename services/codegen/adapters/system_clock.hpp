// Clock of this host. Stateless, thread-safe.
#pragma once

#include <chrono>

#include "services/codegen/ports.hpp"

namespace podium::codegen {

class SystemClock final : public Clock {
 public:
  TimePoint now() override { return std::chrono::system_clock::now(); }
};

}  // namespace podium::codegen
