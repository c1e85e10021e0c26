// Counts the steps (bytes, lines or tokens looked at) that reading a reply takes, so that a test
// can hold the reading to linear work without a clock. One meter belongs to one call; not
// thread-safe.
#pragma once

#include <cstddef>

namespace podium::codegen {

class WorkMeter {
 public:
  void spend(std::size_t steps) { steps_ += steps; }
  std::size_t steps() const { return steps_; }

 private:
  std::size_t steps_ = 0;
};

}  // namespace podium::codegen
