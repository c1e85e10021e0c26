// What a run is granted of what its ticket asks for. Pure.
#pragma once

#include <cstdint>

#include "libs/chassis/clock.hpp"
#include "podium/v1/run.pb.h"

namespace podium::executor {

/// All that runs on this executor may use together.
struct Capacity {
  int slots = 1;
  /// May be more than the engine's processors have, when an operator wants runs to share them.
  std::uint32_t cpu_milli = 0;
  /// What one run may use at the most: the engine's processors.
  std::uint32_t run_cpu_milli_max = 0;
  std::uint64_t memory_bytes = 0;
};

/// How scratch space is parted: both are memory (tmpfs), charged to the sandbox.
struct ScratchShares {
  std::uint64_t tmp_bytes = 0;
  std::uint64_t working_bytes = 0;
};

/// Every limit set: zero became the default, too much became the most that is allowed here, and the
/// wall time ends with the job's deadline. A wall time of zero means that no time is left.
v1::RunLimits grant(const v1::RunTicket& ticket, const Capacity& capacity, TimePoint now);

ScratchShares scratch_shares(const v1::RunLimits& limits);

/// Memory that the sandbox's whole group of processes is charged: the program's and the scratch
/// space. So a full scratch space answers "no space left" before memory ends.
std::uint64_t sandbox_memory_bytes(const v1::RunLimits& limits);

/// Whole processors that the program should use, at least 1.
std::uint32_t cpus_of(const v1::RunLimits& limits);

}  // namespace podium::executor
