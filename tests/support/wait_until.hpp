// Waiting in tests: for a condition, never for a time. The only place of the tests that pauses.
#pragma once

#include <chrono>
#include <functional>

namespace podium::testing {

/// Looks until `condition` holds, every few milliseconds at first and up to 100 ms apart later: a
/// look may be a call to a service that has better things to do. False when `timeout` passed
/// before.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout);

}  // namespace podium::testing
