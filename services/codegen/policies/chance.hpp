// Draws that look random and are not: they depend on the job and on how many candidates it has, so
// that every replica draws the same. Not thread-safe; made anew for each choice.
#pragma once

#include <cstdint>

#include "podium/v1/search.pb.h"

namespace podium::codegen {

class Chance {
 public:
  explicit Chance(const v1::SearchState& state);

  /// The next draw, from 0 up to and without 1.
  double draw();
  /// True with this probability.
  bool falls(double probability) { return draw() < probability; }

 private:
  std::uint64_t at_;
};

}  // namespace podium::codegen
