// Which Podium this is, for metrics, traces and `--version`. Constants; thread-safe.
#pragma once

#include <string_view>

namespace podium {

/// "0.1.0", as CMakeLists.txt says it.
std::string_view version();
/// The commit it was built from, or "unknown".
std::string_view commit();

}  // namespace podium
