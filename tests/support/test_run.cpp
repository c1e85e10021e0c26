#include "tests/support/test_run.hpp"

#include <cstdlib>
#include <format>

namespace podium::testing {

std::string named_after_run(std::string_view own) {
  const char* run = std::getenv("PODIUM_TEST_RUN");
  return std::format("{}-{}", run == nullptr ? "test" : run, own);
}

}  // namespace podium::testing
