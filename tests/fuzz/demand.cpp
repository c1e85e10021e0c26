#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void demand(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "a promise does not hold: %s\n", promise);
  std::abort();
}

}  // namespace podium::fuzz
