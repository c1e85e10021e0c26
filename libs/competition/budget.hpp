// The most that a job may ask for, where the gateway refuses it and codegen relies on it. Values
// only.
#pragma once

#include <cstdint>

namespace podium::competition {

/// The state of a job's search, which holds a record of each candidate, must stay under 256 KB.
inline constexpr std::uint32_t kCandidatesMax = 100;
/// More at once learn little from each other.
inline constexpr std::uint32_t kParallelCandidatesMax = 16;

}  // namespace podium::competition
