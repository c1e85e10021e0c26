// Waiting in tests: for a condition, never for a time. The only place of the tests that pauses.
#pragma once

#include <chrono>
#include <functional>

namespace podium::testing {

/// Looks every few milliseconds until `condition` holds; false when `timeout` passed before.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout);

}  // namespace podium::testing
