// Runs a program that inherits nothing but the descriptors it is given: no environment, no other
// file, no terminal. Thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/child/scratch_file.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

struct ChildCall {
  std::filesystem::path program;
  std::vector<std::string> arguments = {};
  /// Ours, and the number it has in the child (3 and up).
  std::vector<std::pair<int, int>> descriptors = {};
  /// Gets what the child says on stderr.
  int stderr_descriptor = -1;
  /// The number in the child (3 and up) of a pipe whose bytes `on_words` is told as they come.
  int words_descriptor = -1;
  std::function<void(std::string_view piece)> on_words = {};
  std::chrono::milliseconds time_max{0};
  std::stop_token stop = {};
};

/// The child's exit code, 128 + signal when one ended it. TIMEOUT when it was killed at `time_max`,
/// STOPPED when it was killed because the token wanted so, UNAVAILABLE when it could not be
/// started.
Result<int> run_child(const ChildCall& call);

/// Where a program of this name lies that was installed with this one.
std::filesystem::path program_beside_this(std::string_view name);

}  // namespace podium
