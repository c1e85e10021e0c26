// An object, or a range of it, that comes in pieces. A connection that is cut costs only what had
// not come: the rest is asked for, of the same version of the object. Stateless; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/s3_client.hpp"

namespace podium {

/// Longest piece that a sink is given.
inline constexpr std::size_t kS3PieceBytesMax = 64 * 1024;

struct S3Download {
  std::string object{};
  std::uint64_t offset = 0;
  /// To the end when there is none; never 0.
  std::optional<std::uint64_t> length{};
  /// Longest that may come; beyond is TOO_LARGE, before anything is given out.
  std::optional<std::uint64_t> bytes_max{};
};

/// Gives the pieces to `sink`, which returns false to end with STOPPED. Nothing comes from beyond
/// the object's end. NOT_FOUND; CONFLICT when the object was replaced between two attempts;
/// UNAVAILABLE when it stays cut.
Result<void> download(const S3Client& client, const S3Download& wanted,
                      const std::function<bool(std::string_view piece)>& sink);

}  // namespace podium
