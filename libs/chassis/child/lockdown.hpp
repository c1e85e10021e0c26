// The walls that a program puts around itself before it reads what strangers sent: another user
// (when it may change), no files but those it was given, no sockets, no programs, no children,
// bounded time and memory. There is no way back. Call once, with one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium {

struct Walls {
  /// Descriptors above this are closed.
  int last_descriptor = 2;
  /// Becomes this user and group when it runs as root and may; 0 stays who it is.
  unsigned uid = 0;
  std::uint64_t cpu_seconds = 30;
  std::uint64_t memory_bytes = 0;
  /// Largest file that it may write.
  std::uint64_t file_bytes = 0;
  /// The only folders where files may be opened (Landlock). With none of either nothing can be
  /// opened at all.
  std::vector<std::filesystem::path> readable = {};
  std::vector<std::filesystem::path> writable = {};
};

/// INTERNAL when a wall cannot be put up; the caller must end the program then. A kernel without
/// Landlock leaves files to the rights of the user: see has_file_walls().
Result<void> lock_down(const Walls& walls);

/// True when this kernel can hold a process to the folders of Walls (Landlock, Linux 5.19).
bool has_file_walls();

}  // namespace podium
