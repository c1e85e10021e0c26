// One run of the tests on an engine that others use too: what it makes there carries its name, so
// that the run after one that was interrupted can take it away.
#pragma once

#include <string>
#include <string_view>

namespace podium::testing {

/// Value for the label podium.stack: `<run>-<own>`. The run is PODIUM_TEST_RUN, `test` without it.
std::string named_after_run(std::string_view own);

}  // namespace podium::testing
