// Reads and writes the descriptors that the check was given. Nothing here opens anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::executor::check {

/// The whole content from the beginning; TOO_LARGE beyond `bytes_max`.
Result<std::string> read_all(int descriptor, std::uint64_t bytes_max);
/// Exactly `bytes` from `offset`, fewer at the end.
Result<std::string> read_at(int descriptor, std::uint64_t offset, std::uint64_t bytes);
/// All of it, from where the descriptor stands.
Result<void> write_all(int descriptor, std::string_view bytes);
/// The content of the one file in the tar of `tar`, written to `into`. INVALID when the tar is not
/// of exactly one plain file of at most `bytes_max` bytes.
Result<void> take_only_file(int tar, int into, std::uint64_t bytes_max);

}  // namespace podium::executor::check
