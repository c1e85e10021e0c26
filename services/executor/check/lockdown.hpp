// The walls that the check puts around itself before it reads a foreign byte: another user (when it
// may change), no files but those it was given, no sockets, no programs, no children, bounded time
// and memory. There is no way back. Call once, with one thread.
#pragma once

#include <cstdint>

#include "libs/chassis/result.hpp"

namespace podium::executor::check {

struct Walls {
  /// Descriptors above this are closed.
  int last_descriptor = 2;
  /// Becomes this user and group when it runs as root and may.
  unsigned uid = 0;
  std::uint64_t cpu_seconds = 30;
  std::uint64_t memory_bytes = 0;
  /// Largest file that it may write.
  std::uint64_t file_bytes = 0;
};

/// INTERNAL when a wall cannot be put up; the caller must end the program then.
Result<void> lock_down(const Walls& walls);

}  // namespace podium::executor::check
